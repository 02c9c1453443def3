using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Streams;

/// <summary>What the stages of a connection report to its owner. Thread-safe; no call blocks.</summary>
internal interface IConnectionEvents
{
    /// <summary>Control frames arrived; nothing more is read until <paramref name="handled"/> was called, from any thread, once.</summary>
    void Control(ControlFrames frames, Action handled);

    /// <summary>
    /// The peer will send nothing more. Without a GOODBYE before, it is gone; after one it may still read, and only a failing send shows
    /// that it does not.
    /// </summary>
    void InputEnded();

    /// <summary>The connection has to end for this reason; the first one wins.</summary>
    void End(Ending ending);

    /// <summary>One of the connection's streams has ended, for whatever reason. This is its last event.</summary>
    void StreamEnded();
}
