using System.Buffers;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// The end of a connection that never became one: a GOODBYE, if its protocol has one and the kernel takes it, and the socket is closed. It
/// costs nothing that lasts.
/// </summary>
internal static class Refusal
{
    /// <summary>Turns a connection away, closes it and counts it.</summary>
    internal static void Send(UnixConnection connection, ListenerProtocol protocol, Ending ending, Traffic traffic)
    {
        traffic.ConnectionAccepted();
        traffic.ConnectionEnded(ending.Reason);
        if (protocol == ListenerProtocol.Udsb)
        {
            var goodbye = new ArrayBufferWriter<byte>(128);
            FrameWriter.Write(goodbye, new GoodbyeCommand(ending.Reason, ending.Message));
            connection.TrySend(goodbye.WrittenSpan, out _);
        }

        connection.Dispose();
    }
}
