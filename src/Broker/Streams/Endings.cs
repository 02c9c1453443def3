using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Streams;

/// <summary>The endings that come from the socket, read off its errors in one place.</summary>
internal static class Endings
{
    internal static readonly Ending PeerGone = new(CloseReason.PeerGone, "the peer closed the connection without GOODBYE");

    internal static Ending Of(Exception cause) => SocketOutcomes.Of(cause) == SocketOutcome.Fault
        ? new Ending(cause is System.Net.Sockets.SocketException ? CloseReason.TransportError : CloseReason.Fault, cause.Message)
        : PeerGone;
}
