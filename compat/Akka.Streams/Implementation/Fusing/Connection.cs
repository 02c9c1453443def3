using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>
/// One wire between two stages of an island. It carries at most one element and at most one event at a time, so it is itself the event that
/// is queued: what has happened is read from its <see cref="PortState"/>. An empty slot is null, since null is never an element.
/// </summary>
internal sealed class Connection
{
    public int State = PortState.InReady;
    public object Slot;
    public IInHandler InHandler;
    public IOutHandler OutHandler;
    public GraphStageLogic InOwner;
    public GraphStageLogic OutOwner;

    /// <summary>Whether the downstream may grab: an element has arrived and has not been thrown away by a cancellation.</summary>
    public bool HasElement =>
        (State & PortState.InReady) != 0
        && ((State & PortState.Failed) != 0
            ? Slot is FailedSlot { Element: not null }
            : (State & PortState.Cancelled) == 0 && Slot is not null);

    public bool HasBeenPulled => (State & (PortState.InReady | PortState.InClosed)) == 0;

    /// <summary>Takes the element of a connection that has failed or completed; the caller has checked <see cref="HasElement"/>.</summary>
    public object TakeElement()
    {
        object element;
        if (Slot is FailedSlot failed && (State & PortState.Failed) != 0)
        {
            element = failed.Element;
            failed.Element = null;
        }
        else
        {
            element = Slot;
            Slot = null;
        }

        return element;
    }
}
