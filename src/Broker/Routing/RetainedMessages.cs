using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The last message of each subject that somebody wanted to be retained, within bounds. What has expired is dropped when something is
/// looked for or wants room. Not thread-safe: <see cref="RetainedStore"/> guards it.
/// </summary>
internal sealed class RetainedMessages(RetainedBounds bounds, SlabPool pool, IMonotonicClock clock)
{
    private readonly RetainedNode _root = new();
    private readonly ExpiryQueue<RetainedMessage> _expiring = new();
    private ulong _lastPlace;

    /// <summary>Messages of users.</summary>
    internal int Count { get; private set; }

    /// <summary>The bytes of their whole frames.</summary>
    internal long Bytes { get; private set; }

    /// <summary>How many have expired since the broker started.</summary>
    internal long Expired { get; private set; }

    /// <summary>Keeps a copy of one message instead of the older one of its subject, or clears that when the payload is empty.</summary>
    /// <param name="message">One whole frame, with its deadline.</param>
    /// <param name="head">Where its parts are.</param>
    internal RetainOutcome Keep(in Run message, in FrameHead head)
    {
        DropExpired();
        var subject = message.Bytes.Slice(head.SubjectStart, head.SubjectLength);
        Forget(subject);
        if (head.PayloadLength == 0) return RetainOutcome.Cleared;
        if (message.Traits.IsExpiredAt(clock.Milliseconds)) return RetainOutcome.Kept;
        if (!ReservedSubjects.IsSystem(subject) && (Count >= bounds.Messages || Bytes + message.Length > bounds.Bytes)) return RetainOutcome.Full;
        var slab = pool.Rent(message.Length);
        message.Bytes.CopyTo(slab.Bytes);
        Add(new RetainedMessage(subject.ToArray(), slab, message.Length, message.Account.WithoutReceipt, message.Traits.Deadline, ++_lastPlace));
        return RetainOutcome.Kept;
    }

    /// <summary>Keeps nothing of the subject any more; false when nothing was kept.</summary>
    internal bool Forget(ReadOnlySpan<byte> subject)
    {
        if (_root.Find(new SubjectTokenizer(subject)) is not { } message) return false;
        Remove(message);
        return true;
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
        if (message.IsOfBroker) return;
        Count++;
        Bytes += message.Length;
    }

    private void Remove(RetainedMessage message)
    {
        _root.Remove(new SubjectTokenizer(message.Subject));
        message.Release();
        if (message.Deadline != 0) _expiring.Left();
        if (message.IsOfBroker) return;
        Count--;
        Bytes -= message.Length;
    }
}
