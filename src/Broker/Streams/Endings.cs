using System.Net.Sockets;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Streams;

/// <summary>The endings that stages and outboxes report, so that each text is written once.</summary>
internal static class Endings
{
    internal static readonly Ending PeerGone = new(CloseReason.PeerGone, "the peer closed the connection without GOODBYE");

    internal static Ending SlowConsumer(Subscription subscription) => new(
        CloseReason.SlowConsumer,
        $"subscription {subscription.Sid} has more than {subscription.Bound.Bytes} bytes or {subscription.Bound.Messages} messages pending and its overflow policy is disconnect");

    internal static Ending Idle(TimeSpan timeout) => new(CloseReason.Idle, $"no message and no subscription went over the connection for {timeout.TotalSeconds} s");

    internal static Ending FrameTimeout(TimeSpan timeout, int bytes) => new(
        CloseReason.Stale, $"a frame of which {bytes} bytes have come was not finished within {timeout.TotalSeconds} s");

    internal static Ending NoMemory(int bytes) => new(
        CloseReason.Overloaded,
        $"there is no memory for the rest of a frame of which {bytes} bytes have come; lower udsbroker.limits.max-payload or udsbroker.memory.budget, "
        + "or give the broker more");

    internal static Ending Of(Exception cause) => cause switch
    {
        PacketTooLargeException => new Ending(CloseReason.FrameTooBig, cause.Message),
        _ when SocketOutcomes.Of(cause) != SocketOutcome.Fault => PeerGone,
        SocketException => new Ending(CloseReason.TransportError, cause.Message),
        OutOfMemoryException => new Ending(CloseReason.Overloaded, "there is no memory for what this connection asks; lower udsbroker.memory.budget, or give the broker more"),
        _ => new Ending(CloseReason.Fault, cause.Message),
    };
}
