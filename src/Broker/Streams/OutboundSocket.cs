using System.Net.Sockets;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>The socket as an outbox sees it.</summary>
internal sealed class OutboundSocket(UnixConnection connection) : IOutboundSocket
{
    public SendOutcome TrySend(List<ArraySegment<byte>> segments, out int sent)
    {
        sent = connection.TrySend(segments, out var error);
        return error switch
        {
            SocketError.Success when sent == segments.Bytes() => SendOutcome.Sent,
            SocketError.Success or SocketError.WouldBlock => SendOutcome.Full,
            _ => SendOutcome.Gone,
        };
    }
}
