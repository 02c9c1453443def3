using System.Buffers;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Refuses a connection right after accept: sends GOODBYE, if its protocol has one and the kernel accepts it at once, and closes the
/// socket. No state remains.
/// </summary>
internal static class Refusal
{
    /// <summary>Refuses, closes and counts a connection.</summary>
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
