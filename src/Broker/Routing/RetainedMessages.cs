using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The last message of each subject that somebody wanted to be retained, within bounds. What has expired is dropped when something is
/// looked for or wants room. Each is charged to the user of its publisher. Not thread-safe: <see cref="RetainedStore"/> guards it.
/// </summary>
internal sealed class RetainedMessages(RetainedBounds bounds, SlabPool pool, IMonotonicClock clock)
{
    private readonly RetainedNode _root = new();
    private readonly KeptShares _shares = new();
    private readonly ExpiryQueue<RetainedMessage> _expiring = new();
    private ulong _lastPlace;

    /// <summary>How much may be kept; what is there stays, also when there is less room for it from now on.</summary>
    internal RetainedBounds Bounds { get; set; } = bounds;

    /// <summary>What is kept for users, and for each of them.</summary>
    internal KeptShares Shares => _shares;

    /// <summary>Messages of users.</summary>
    internal int Count => _shares.Messages;

    /// <summary>The bytes of their whole frames.</summary>
    internal long Bytes => _shares.Bytes;

    /// <summary>How many have expired since the broker started.</summary>
    internal long Expired { get; private set; }

    /// <summary>Keeps a copy of one message instead of the older one of its subject, or clears that when the payload is empty.</summary>
    /// <param name="message">One whole frame, with its deadline.</param>
    /// <param name="head">Where its parts are.</param>
    internal RetainOutcome Keep(in Run message, in FrameHead head)
    {
        DropExpired();
        var subject = message.Bytes.Slice(head.SubjectStart, head.SubjectLength);
        if (_root.Find(new SubjectTokenizer(subject)) is { } older) Remove(older);
        if (head.PayloadLength == 0) return RetainOutcome.Cleared;
        if (message.Traits.IsExpiredAt(clock.Milliseconds)) return RetainOutcome.Kept;
        var room = _shares.TryTake(message.Account.Uid, message.Length, Bounds.InAll, Bounds.OfUser);
        if (room != KeptRoom.Taken) return room == KeptRoom.UserFull ? RetainOutcome.UserFull : RetainOutcome.Full;
        var slab = pool.Rent(message.Length);
        message.Bytes.CopyTo(slab.Bytes);
        Add(new RetainedMessage(subject.ToArray(), slab, message.Length, message.Account.WithoutReceipt, message.Traits.Deadline, ++_lastPlace));
        return RetainOutcome.Kept;
    }

    /// <summary>Adds what the valid pattern matches, in the order in which it arrived.</summary>
    internal void Match(ReadOnlySpan<byte> pattern, List<RetainedMessage> matches)
    {
        DropExpired();
        if (_root.IsEmpty) return;
        _root.MatchAll(pattern, matches);
        matches.Sort((one, other) => one.Place.CompareTo(other.Place));
    }

    /// <summary>Gives up everything.</summary>
    internal void Clear()
    {
        var all = new List<RetainedMessage>();
        _root.AddAll(all);
        foreach (var message in all) Remove(message);
    }

    private void DropExpired()
    {
        if (_expiring.Count == 0) return;
        var now = clock.Milliseconds;
        while (_expiring.TryFindExpired(now, out var message))
        {
            Remove(message);
            Expired++;
        }
    }

    private void Add(RetainedMessage message)
    {
        _root.Add(new SubjectTokenizer(message.Subject), message);
        if (message.Deadline != 0) _expiring.Add(message);
    }

    private void Remove(RetainedMessage message)
    {
        _root.Remove(new SubjectTokenizer(message.Subject));
        message.Release();
        if (message.Deadline != 0) _expiring.Left();
        _shares.Return(message.Uid, message.Length);
    }
}
