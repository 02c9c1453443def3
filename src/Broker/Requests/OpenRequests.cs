using System.Runtime.InteropServices;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Load;

namespace UdsBroker.Broker.Requests;

/// <summary>
/// The requests that one connection was given and has not answered, oldest first, so that their askers can be told when it ends. Bounded:
/// beyond the bound, or its user's, the oldest is forgotten, and its asker will only notice by its own timeout. A request allocates nothing
/// unless there are more open ones than it has room for. Guarded by the lock of the outbox.
/// </summary>
/// <param name="max">How many are remembered; 0 remembers none.</param>
/// <param name="user">The user that each is charged to; null for none.</param>
/// <param name="traffic">Counts the requests that are forgotten because of the bound; null for no count.</param>
internal sealed class OpenRequests(int max, UserShare? user = null, Traffic? traffic = null)
{
    private const int None = -1;

    private Dictionary<ReplyAddress, int>? _places;
    private Entry[] _entries = [];
    private int _count;
    private int _used;
    private int _free = None;
    private int _oldest = None;
    private int _newest = None;

    /// <summary>How many there are; may be read without the lock.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Adds a request that the connection was given, perhaps not for the first time, because several of its subscriptions can match. A
    /// different request with the same address replaces the older one.
    /// </summary>
    internal void Add(in ReplyAddress address, RequestMark mark)
    {
        if (max == 0)
        {
            mark.AddHolder();
            mark.MarkAnswered();
            return;
        }

        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places ??= [], address, out var isKnown);
        if (isKnown && ReferenceEquals(_entries[place].Mark, mark))
        {
            _entries[place].Deliveries++;
            return;
        }

        mark.AddHolder();
        if (isKnown)
        {
            _entries[place].Mark.MarkAnswered();
            (_entries[place].Mark, _entries[place].Deliveries) = (mark, 1);
            return;
        }

        place = Link(new Entry(address, mark) { Older = _newest, Deliveries = 1 });
        Volatile.Write(ref _count, _count + 1);
        if (user?.TryTakeRequest() == false) Unlink(_entries[_oldest].Address)!.MarkAnswered(); // its charge now covers the new one
        else if (_count > max)
        {
            Take(_entries[_oldest].Address)!.MarkAnswered();
            traffic?.Hit(Limit.RequestsMaxOpen);
        }
    }

    /// <summary>The connection published to this address, which counts as the answer.</summary>
    internal void Answer(in ReplyAddress address) => Take(address)?.MarkAnswered();

    /// <summary>
    /// One subscription of the connection no longer has the request. True when no other was given it; false also when the request is not
    /// remembered, because another with the same address has replaced it.
    /// </summary>
    internal bool RemoveDelivery(in ReplyAddress address, RequestMark mark)
    {
        if (_places is null || !_places.TryGetValue(address, out var place) || !ReferenceEquals(_entries[place].Mark, mark) || --_entries[place].Deliveries > 0) return false;
        Take(address);
        return true;
    }

    /// <summary>Removes and returns all of them, oldest first.</summary>
    internal List<(ReplyAddress Address, RequestMark Mark)> TakeAll()
    {
        var all = new List<(ReplyAddress, RequestMark)>(Count);
        for (var place = _oldest; place != None; place = _entries[place].Newer) all.Add((_entries[place].Address, _entries[place].Mark));
        user?.ReturnRequests(all.Count);
        Reset();
        return all;
    }

    private RequestMark? Take(in ReplyAddress address)
    {
        var mark = Unlink(address);
        if (mark is not null) user?.ReturnRequests(1);
        return mark;
    }

    private RequestMark? Unlink(in ReplyAddress address)
    {
        if (_places is null || !_places.Remove(address, out var place)) return null;
        ref var entry = ref _entries[place];
        var mark = entry.Mark;
        if (entry.Older == None) _oldest = entry.Newer;
        else _entries[entry.Older].Newer = entry.Newer;
        if (entry.Newer == None) _newest = entry.Older;
        else _entries[entry.Newer].Older = entry.Older;
        entry = new Entry { Newer = _free };
        _free = place;
        Volatile.Write(ref _count, _count - 1);
        if (Sparse.IsSparse(_count, _entries.Length)) Fit();
        return mark;
    }

    // Most of many have left. The memory for them is given back also when one is never answered. The count stays as it is, since it is read without the lock.
    private void Fit()
    {
        var (before, oldest) = (_entries, _oldest);
        Forget();
        if (_count == 0) return;
        (_places, _entries) = (new Dictionary<ReplyAddress, int>(_count), new Entry[Math.Max(16, _count)]);
        for (var place = oldest; place != None; place = before[place].Newer)
            _places.Add(before[place].Address, Link(before[place] with { Older = _newest }));
    }

    private int Link(Entry entry)
    {
        var place = _free;
        if (place != None) _free = _entries[place].Newer;
        else
        {
            place = _used++;
            if (place == _entries.Length) Array.Resize(ref _entries, Math.Max(16, place * 2));
        }

        entry.Newer = None;
        _entries[place] = entry;
        if (_newest == None) _oldest = place;
        else _entries[_newest].Newer = place;
        _newest = place;
        return place;
    }

    private void Reset()
    {
        Forget();
        Volatile.Write(ref _count, 0);
    }

    private void Forget()
    {
        (_places, _entries, _used) = (null, [], 0);
        _free = _oldest = _newest = None;
    }

    private record struct Entry(ReplyAddress Address, RequestMark Mark)
    {
        internal int Deliveries;
        internal int Older;
        internal int Newer;
    }
}
