using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>What a <see cref="ClientSession"/> reports: each call is one frame or one run, in the order of the wire.</summary>
internal interface ISessionReceiver
{
    /// <summary>The handshake is done.</summary>
    void OnWelcome(WelcomeCommand welcome);

    /// <summary>Whole PUBLISH frames at this place of the receive buffer; the sids are valid during the call only.</summary>
    void OnRun(ReadOnlySpan<uint> sids, Guid sender, DeliverFlags flags, int offset, int length, int count);

    /// <summary>The broker wants a PONG.</summary>
    void OnPing(ulong token);

    /// <summary>A fence was passed; false when no such fence is next.</summary>
    bool OnPong(ulong token, Receipt? receipt);

    /// <summary>Something was refused; the connection lives.</summary>
    void OnError(ErrorCommand error);

    /// <summary>The broker dropped messages of a subscription at this place, some of them because they had expired.</summary>
    void OnMissed(uint sid, ulong count, ulong expired);

    /// <summary>A subscription that was being drained has received everything.</summary>
    void OnDrained(uint sid);

    /// <summary>The last call: GOODBYE came, or bytes that are not allowed.</summary>
    void OnEnd(CloseReason reason, string message, bool byBroker);
}
