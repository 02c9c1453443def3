using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// What became of the messages of one connection since its last fence. Published and matched are counted by the connection's own
/// stage alone; a delivery can be dropped later and on any thread, so drops are counted atomically and belong to the receipt
/// that follows them.
/// </summary>
internal sealed class PublisherAccount
{
    private readonly byte[] _sender = new byte[16];
    private ulong _published;
    private ulong _matched;
    private long _dropped;

    /// <param name="id">The identity of the publishing connection.</param>
    internal PublisherAccount(Guid id)
    {
        Id = id;
        id.TryWriteBytes(_sender, bigEndian: true, out _);
    }

    internal Guid Id { get; }

    /// <summary>The identity as DELIVER carries it: 16 bytes, big-endian.</summary>
    internal ReadOnlySpan<byte> Sender => _sender;

    internal void Routed(uint messages, ulong deliveries)
    {
        _published += messages;
        _matched += deliveries;
    }

    internal void Dropped(uint deliveries) => Interlocked.Add(ref _dropped, deliveries);

    /// <summary>The receipt for a fence; the counts start again from zero.</summary>
    internal Receipt TakeReceipt()
    {
        var receipt = new Receipt(_published, _matched, (ulong)Interlocked.Exchange(ref _dropped, 0));
        _published = 0;
        _matched = 0;
        return receipt;
    }
}
