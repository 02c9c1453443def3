using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>A connection was made: the handshake is done and every subscription of the client is active on it again.</summary>
/// <param name="Server">Who answered.</param>
/// <param name="IsReconnect">Whether there was a connection before this one.</param>
public sealed record ConnectedEvent(ServerDescription Server, bool IsReconnect);

/// <summary>A connection ended, or the client did while messages waited for one.</summary>
/// <param name="Reason">The one reason, as the broker gave it in GOODBYE or as this side found it.</param>
/// <param name="Message">The same for people.</param>
/// <param name="Exception">The exception behind it, if there is one.</param>
/// <param name="WillReconnect">Whether the client tries to come back by itself.</param>
/// <param name="PublishesInDoubt">Publishes handed to the socket after the last receipt: each may or may not have been routed, none is sent again.</param>
/// <param name="PublishesDropped">Publishes that were taken while there was no connection, and are never sent because the client has ended; else 0.</param>
public sealed record DisconnectedEvent(
    CloseReason Reason, string Message, Exception? Exception, bool WillReconnect, long PublishesInDoubt, long PublishesDropped = 0);

/// <summary>Messages were dropped for a subscription before its reader got them.</summary>
/// <param name="Subscription">Whose messages.</param>
/// <param name="Count">How many just now.</param>
/// <param name="ByBroker">Whether the broker dropped them; else this client did, because its buffer for the reader was full.</param>
/// <param name="Expired">How many of them the broker dropped because they had expired.</param>
public sealed record MissedEvent(Subscription Subscription, ulong Count, bool ByBroker, ulong Expired = 0);
