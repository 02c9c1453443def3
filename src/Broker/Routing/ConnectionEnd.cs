using System.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The end of a connection, as far as it is about messages: nobody waits for it any longer, what others can take goes to them, and whoever asked it is
/// told that there will be no answer. No lock is held between the steps.
/// </summary>
internal static class ConnectionEnd
{
    /// <summary>Takes no new work and lets GOODBYE leave behind what is queued.</summary>
    /// <param name="outbox">The connection's.</param>
    /// <param name="ending">Why it ends.</param>
    /// <param name="table">Where those who asked it are found.</param>
    /// <param name="giveLeftoversAway">Gives away what was put aside in the outbox.</param>
    internal static void SayGoodbye(Outbox outbox, Ending ending, RoutingTable table, Action giveLeftoversAway)
    {
        if (!IsForAll(ending.Reason))
        {
            outbox.Resign();
            giveLeftoversAway();
        }

        if (ending.Reason == CloseReason.ClientClosed) GoneResponders.TellAskers(outbox, table); // itself perhaps, before the last frame
        var goodbye = new ArrayBufferWriter<byte>(128);
        FrameWriter.Write(goodbye, new GoodbyeCommand(ending.Reason, ending.Message));
        if (ending.Reason == CloseReason.Overloaded) outbox.Shed(goodbye.WrittenSpan.ToArray());
        else outbox.Drain(goodbye.WrittenSpan.ToArray());
    }

    /// <summary>Nothing more is sent. Returns the subscriptions that the router has to end.</summary>
    /// <param name="outbox">The connection's.</param>
    /// <param name="session">The connection's.</param>
    /// <param name="table">Where those who asked it are found.</param>
    /// <param name="giveLeftoversAway">Gives away what was put aside in the outbox.</param>
    internal static IReadOnlyList<RoutingChange> Close(Outbox outbox, Session session, RoutingTable table, Action giveLeftoversAway)
    {
        outbox.Close();
        giveLeftoversAway();
        GoneResponders.TellAskers(outbox, table);
        session.EndAll();
        return session.TakeChanges();
    }

    // When all connections end, or memory is short, what waits is not handed round from one to the next.
    private static bool IsForAll(CloseReason reason) => reason is CloseReason.BrokerShutdown or CloseReason.LameDuck or CloseReason.Overloaded;
}
