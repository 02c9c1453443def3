using System.Text;
using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Protocol;

namespace UdsBroker.Bench.Micro;

/// <summary>The core of the broker without actors, streams and kernel: connections whose socket takes everything and discards it.</summary>
internal sealed class MicroBroker : IMonotonicClock, IOutboundSocket, IOutboxOwner
{
    private static readonly PendingBound Bound = new(8 << 20, 65536);

    private readonly OutboxLimits _limits = new(1 << 20, 256 << 10, Limits.Default);
    private readonly Traffic _traffic = new();
    private readonly KeptMessages _kept;

    internal MicroBroker() => _kept = new KeptMessages(
        new RetainedStore(Table, Pool, Limits.Default, this, new RetainedBounds(100, 1 << 20)), new DelayStore(new DelayBounds(100, 1 << 20, 1000), Pool), this);

    internal SlabPool Pool { get; } = new(64 << 10);

    internal RoutingTable Table { get; } = new(0x5EED);

    public long Milliseconds => 0;

    public long After(long milliseconds) => milliseconds;

    internal PublisherAccount Account() => new(Guid.CreateVersion7(), PeerAccess.OfBroker, _traffic);

    internal Outbox Outbox()
    {
        var outbox = new Outbox(_limits, Pool, this, this, this, _traffic);
        outbox.Welcome();
        return outbox;
    }

    internal InboundRouter Router(PublisherAccount account) => new(Table, account, Outbox(), _kept, Limits.Default);

    /// <summary>A subscription that is in force.</summary>
    internal Subscription Subscribe(Outbox outbox, uint sid, string pattern)
    {
        var subscription = new Subscription(outbox, sid, Encoding.UTF8.GetBytes(pattern), SubscribeOptions.None, Bound);
        Table.Current = Table.Current.With(subscription);
        return subscription;
    }

    /// <summary>Encoded messages of 128 bytes, one to each subject in turn.</summary>
    internal static byte[] Messages(int count, params string[] subjects)
    {
        var output = new MemoryStream();
        for (var i = 0; i < count; i++)
        {
            var subject = Encoding.UTF8.GetBytes(subjects[i % subjects.Length]);
            var frame = new byte[FrameWriter.PublishOverhead(subject.Length, -1, 0, 128) + 128];
            output.Write(frame.AsSpan(0, FrameWriter.WritePublish(frame, subject, default, default, new byte[128])));
        }

        return output.ToArray();
    }

    public SendOutcome TrySend(List<ArraySegment<byte>> segments, out int sent)
    {
        sent = 0;
        foreach (var segment in segments) sent += segment.Count;
        return SendOutcome.Sent;
    }

    public void WriterNeeded(bool isFull)
    {
    }

    public void Faulted(Exception cause) => throw new InvalidOperationException("an outbox has faulted", cause);

    public void Drained()
    {
    }

    public void PeerGone()
    {
    }

    public void SubscriptionEnded(Subscription subscription)
    {
    }

    public void SlowConsumer(Subscription subscription)
    {
    }
}
