namespace UdsBroker.Protocol;

/// <summary><c>[8, [sid, ...], sender:id, count, flags]</c>: announces the PUBLISH frames that follow. PROTOCOL.md, "DELIVER".</summary>
/// <param name="Sids">
/// The subscriptions they are for; <see cref="ReservedSubjects.InboxSid"/>, or none at all, is the inbox of this connection.
/// </param>
/// <param name="Sender">The identity that published them; all zero is the broker itself, or a sender without a connection.</param>
/// <param name="Count">How many PUBLISH frames follow; at least 1.</param>
/// <param name="Flags">Further properties of the messages; a missing or nil element means none.</param>
public sealed record DeliverCommand(IReadOnlyList<uint> Sids, Guid Sender, uint Count, DeliverFlags Flags = DeliverFlags.None);
