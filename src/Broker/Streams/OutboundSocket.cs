using System.Net.Sockets;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>The socket as an outbox sees it.</summary>
/// <param name="connection">The socket.</param>
/// <param name="events">Told of failures other than the peer's end; an outbox only knows that nothing more can be sent.</param>
internal sealed class OutboundSocket(UnixConnection connection, IConnectionEvents events) : IOutboundSocket
{
    public SendOutcome TrySend(List<ArraySegment<byte>> segments, out int sent)
    {
        sent = connection.TrySend(segments, out var error);
        return error switch
        {
            SocketError.Success when sent == segments.Bytes() => SendOutcome.Sent,
            SocketError.Success or SocketError.WouldBlock => SendOutcome.Full,
            _ => Ended(error),
        };
    }

    // The first ending wins, so this is reported before the outbox reports that the peer is gone.
    private SendOutcome Ended(SocketError error)
    {
        if (SocketOutcomes.Of(error) == SocketOutcome.Fault) events.End(Endings.Of(new SocketException((int)error)));
        return SendOutcome.Gone;
    }
}
