using System.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// What the end of a connection means for messages: no publisher waits for it any longer, messages that others can take are reassigned, and
/// the askers of its unanswered requests are told that no answer will come. No lock is held between the steps.
/// </summary>
internal static class ConnectionEnd
{
    /// <summary>Takes no new work and sends GOODBYE after what is queued.</summary>
    /// <param name="outbox">The connection's.</param>
    /// <param name="ending">Why it ends.</param>
    /// <param name="table">Where those who asked it are found.</param>
    /// <param name="reassignLeftovers">Gives the messages that the outbox kept for reassignment to other members of their groups.</param>
    internal static void SayGoodbye(Outbox outbox, Ending ending, RoutingTable table, Action reassignLeftovers)
    {
        if (!IsForAll(ending.Reason))
        {
            outbox.CloseAdmission();
            reassignLeftovers();
        }

        if (ending.Reason == CloseReason.ClientClosed) GoneResponders.TellAskers(outbox, table); // possibly this client itself, before its last frame
        var goodbye = new ArrayBufferWriter<byte>(128);
        FrameWriter.Write(goodbye, new GoodbyeCommand(ending.Reason, ending.Message));
        if (ending.Reason == CloseReason.Overloaded) outbox.Shed(goodbye.WrittenSpan.ToArray());
        else outbox.Drain(goodbye.WrittenSpan.ToArray());
    }

    /// <summary>Ends sending. The askers are told even if another connection faults while it is given leftovers.</summary>
    /// <param name="outbox">The connection's.</param>
    /// <param name="table">Where those who asked it are found.</param>
    /// <param name="reassignLeftovers">Gives the messages that the outbox kept for reassignment to other members of their groups.</param>
    internal static void Close(Outbox outbox, RoutingTable table, Action reassignLeftovers)
    {
        outbox.Close();
        try
        {
            reassignLeftovers();
        }
        finally
        {
            GoneResponders.TellAskers(outbox, table);
        }
    }

    // When all connections end, or memory is short, waiting messages are not reassigned from one connection to the next.
    private static bool IsForAll(CloseReason reason) => reason is CloseReason.BrokerShutdown or CloseReason.LameDuck or CloseReason.Overloaded;
}
