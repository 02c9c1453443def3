using UdsBroker.Broker.Access;
using UdsBroker.Broker.Load;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// What became of the messages of one connection since its last fence. Only the connection's own stage counts published and matched. A
/// delivery can be dropped later and on any thread, so drops are counted atomically and are in the receipt that follows them. Everything
/// counted here is also counted for the broker as a whole.
/// </summary>
internal sealed class PublisherAccount
{
    private readonly byte[] _sender = new byte[16];
    private readonly Traffic _traffic;
    private byte[] _inboxPrefix = [];
    private PublisherAccount? _withoutReceipt;
    private ulong _published;
    private ulong _matched;
    private long _matchedLater;
    private long _droppedLive;
    private long _expired;
    private long _uncountedPublished;
    private long _uncountedMatched;

    /// <param name="id">The identity of the publishing connection; empty for the broker itself.</param>
    /// <param name="access">What it may publish; <see cref="PeerAccess.OfBroker"/> for the broker's own messages.</param>
    /// <param name="traffic">The counts of the broker.</param>
    internal PublisherAccount(Guid id, PeerAccess access, Traffic traffic)
    {
        Id = id;
        Access = access;
        _traffic = traffic;
        id.TryWriteBytes(_sender, bigEndian: true, out _);
    }

    internal Guid Id { get; }

    /// <summary>The counts of the broker.</summary>
    internal Traffic Traffic => _traffic;

    /// <summary>The user of the publisher; null when the kernel cannot name it.</summary>
    internal uint? Uid => Access.Peer.Uid;

    /// <summary>What the publisher may do, which also applies to messages that are routed later or after its end.</summary>
    internal PeerAccess Access { get; }

    /// <summary>
    /// The same sender for deliveries that are in no receipt, because the broker causes them: those of retained messages to later
    /// subscribers.
    /// </summary>
    internal PublisherAccount WithoutReceipt => _withoutReceipt ??= new PublisherAccount(Id, Access, _traffic);

    /// <summary>The identity as DELIVER carries it: 16 bytes, big-endian.</summary>
    internal ReadOnlySpan<byte> Sender => _sender;

    /// <summary>The start of all subjects in the sender's inbox, made when first asked for.</summary>
    internal ReadOnlySpan<byte> InboxPrefix
    {
        get
        {
            if (_inboxPrefix.Length == 0)
            {
                var prefix = new byte[ReservedSubjects.InboxPrefixLength];
                ReservedSubjects.WriteInboxPrefix(prefix, Id);
                _inboxPrefix = prefix;
            }

            return _inboxPrefix;
        }
    }

    /// <summary>
    /// True when the reply subject is in the sender's own inbox, so that the sender can be told when there will be no answer.
    /// </summary>
    internal bool IsAsking(ReadOnlySpan<byte> reply) => reply.Length > InboxPrefix.Length && reply.StartsWith(InboxPrefix);

    internal void Routed(uint messages, ulong deliveries)
    {
        _published += messages;
        _matched += deliveries;
        _uncountedPublished += messages;
        _uncountedMatched += (long)deliveries;
    }

    /// <summary>
    /// Counts deliveries of a delayed message, which was counted as published before. On any thread; they are in the next receipt.
    /// </summary>
    internal void RoutedLater(ulong deliveries)
    {
        Interlocked.Add(ref _matchedLater, (long)deliveries);
        _traffic.MatchedLater((long)deliveries);
    }

    internal void Dropped(uint deliveries, DropReason reason)
    {
        Interlocked.Add(ref reason == DropReason.Expired ? ref _expired : ref _droppedLive, deliveries);
        _traffic.Dropped(deliveries, reason);
    }

    /// <summary>
    /// Adds what was routed since the last call to the counts of the broker; called once for each received buffer of <paramref
    /// name="bytes"/>.
    /// </summary>
    internal void CountInTraffic(int bytes)
    {
        _traffic.Received(bytes, _uncountedPublished, _uncountedMatched);
        _uncountedPublished = 0;
        _uncountedMatched = 0;
    }

    /// <summary>Returns the receipt for a fence and resets the counts.</summary>
    internal Receipt TakeReceipt()
    {
        var expired = (ulong)Interlocked.Exchange(ref _expired, 0);
        var dropped = (ulong)Interlocked.Exchange(ref _droppedLive, 0) + expired;
        var receipt = new Receipt(_published, _matched + (ulong)Interlocked.Exchange(ref _matchedLater, 0), dropped, expired);
        _published = 0;
        _matched = 0;
        return receipt;
    }
}
