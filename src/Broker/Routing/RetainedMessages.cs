using System.Buffers;
using System.Runtime.InteropServices;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The retained messages, one for each subject, within bounds. Expired ones are dropped when a message is looked up or stored. Each is
/// charged to the user of its publisher. Not thread-safe: <see cref="RetainedStore"/> guards it.
/// </summary>
internal sealed class RetainedMessages(RetainedBounds bounds, SlabPool pool, IMonotonicClock clock, ulong seed)
{
    private readonly RetainedTree _tree = new(seed);
    private readonly KeptShares _shares = new();
    private readonly ExpiryQueue<RetainedMessage> _expiring = new();
    private ulong _lastPlace;

    /// <summary>How much may be kept; when a bound is lowered, messages that are there stay.</summary>
    internal RetainedBounds Bounds { get; set; } = bounds;

    /// <summary>What is kept for users, and for each of them.</summary>
    internal KeptShares Shares => _shares;

    /// <summary>Messages of users.</summary>
    internal int Count => _shares.Messages;

    /// <summary>The bytes of their whole frames.</summary>
    internal long Bytes => _shares.Bytes;

    /// <summary>How many have expired since the broker started.</summary>
    internal long Expired { get; private set; }

    /// <summary>
    /// Stores a copy of a message in place of the older one of its subject, or removes that one when the payload is empty.
    /// </summary>
    /// <param name="message">One whole frame, with its deadline.</param>
    /// <param name="head">Where its parts are.</param>
    internal RetainOutcome Keep(in Run message, in FrameHead head)
    {
        DropExpired();
        var older = Count > 0 ? _tree.Find(message.Bytes.Slice(head.SubjectStart, head.SubjectLength)) : null;
        if (older is not null) _shares.Return(older.Uid, older.Length);
        var hasValue = head.PayloadLength > 0;
        var isLive = hasValue && !message.Traits.IsExpiredAt(clock.Milliseconds);
        var room = isLive ? _shares.TryTake(message.Account.Uid, message.Length, Bounds.InAll, Bounds.OfUser) : default(KeptRoom?);
        if (room == KeptRoom.Taken) Put(message, head);
        else if (older is not null) _tree.Remove(older);
        if (older is not null) Discard(older);
        return room switch
        {
            KeptRoom.UserFull => RetainOutcome.UserFull,
            KeptRoom.BrokerFull => RetainOutcome.Full,
            _ => hasValue ? RetainOutcome.Kept : RetainOutcome.Cleared,
        };
    }

    /// <summary>Fills an empty list with the messages that the valid pattern matches, in the order of arrival.</summary>
    internal void Match(ReadOnlySpan<byte> pattern, List<RetainedMessage> matches)
    {
        DropExpired();
        _tree.Match(pattern, matches);
        if (matches.Count < 2) return;

        // Sorts an array of keys: reading both messages for each comparison takes five times as long.
        var places = ArrayPool<ulong>.Shared.Rent(matches.Count);
        for (var i = 0; i < matches.Count; i++) places[i] = matches[i].Place;
        places.AsSpan(0, matches.Count).Sort(CollectionsMarshal.AsSpan(matches));
        ArrayPool<ulong>.Shared.Return(places);
    }

    /// <summary>Removes everything.</summary>
    internal void Clear()
    {
        var all = new List<RetainedMessage>();
        _tree.AddAll(all);
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

    // Replaces the one of its subject, if there is one.
    private void Put(in Run message, in FrameHead head)
    {
        var slab = pool.Rent(message.Length);
        message.Bytes.CopyTo(slab.Bytes);
        var kept = new RetainedMessage(slab, message.Length, head, message.Account.WithoutReceipt, message.Traits.Deadline, ++_lastPlace);
        _tree.Put(kept);
        if (kept.Deadline != 0) _expiring.Add(kept);
    }

    private void Remove(RetainedMessage message)
    {
        _shares.Return(message.Uid, message.Length);
        _tree.Remove(message);
        Discard(message);
    }

    // The message must be out of the tree by now, because the tree reads its bytes.
    private void Discard(RetainedMessage message)
    {
        message.Discard();
        if (message.Deadline != 0) _expiring.CountGone();
    }
}
