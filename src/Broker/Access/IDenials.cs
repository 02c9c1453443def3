namespace UdsBroker.Broker.Access;

/// <summary>Receives denials, for the log. Called on the thread that decided; must be quick and must not throw.</summary>
internal interface IDenials
{
    /// <summary>Something was denied to a peer.</summary>
    /// <param name="peer">To whom.</param>
    /// <param name="verb">What.</param>
    /// <param name="subject">The subject or pattern; empty for a connection.</param>
    /// <param name="decision">The decision and its reason.</param>
    void Denied(AccessPeer peer, AccessVerbs verb, ReadOnlySpan<byte> subject, in AccessDecision decision);
}
