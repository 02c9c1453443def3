using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Streams;

/// <summary>What the stages of a connection tell the one who owns it. Any thread may call; nothing here waits.</summary>
internal interface IConnectionEvents
{
    /// <summary>Control frames arrived; nothing more is read until <paramref name="handled"/> was called, from any thread, once.</summary>
    void Control(ControlFrames frames, Action handled);

    /// <summary>
    /// The peer will send nothing more. Without a GOODBYE before it that is its death; behind one it may still read: only a failing send
    /// shows that it does not.
    /// </summary>
    void InputEnded();

    /// <summary>The connection has to end for this reason. The first one counts.</summary>
    void End(Ending ending);

    /// <summary>One of the connection's streams is over, for whatever reason: it has done all that it will ever do. Comes behind its other news.</summary>
    void StreamEnded();
}
