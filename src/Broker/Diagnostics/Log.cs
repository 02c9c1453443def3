using Microsoft.Extensions.Logging;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Diagnostics;

/// <summary>
/// Every line that the broker can log, each with an event id that never changes. A healthy broker is silent after its start line: what a
/// peer does is Debug, what an operator should know is Warning, what the broker could not do is Error.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Debug, "connection {Id} from {Peer} on listener {Listener}")]
    internal static partial void ConnectionAccepted(this ILogger logger, Guid id, string peer, string listener);

    [LoggerMessage(101, LogLevel.Debug, "connection {Id} ended: {Reason}, {Detail}")]
    internal static partial void ConnectionEnded(this ILogger logger, Guid id, CloseReason reason, string detail);

    [LoggerMessage(102, LogLevel.Warning, "connection {Id} of {Peer} closed: {Reason}, {Detail}")]
    internal static partial void ConnectionClosed(this ILogger logger, Guid id, string peer, CloseReason reason, string detail);

    [LoggerMessage(103, LogLevel.Warning, "listener {Listener} is full with {Max} connections; refused: {Count}, first {Peer}; raise udsbroker.connections.max or the descriptor limit")]
    internal static partial void ConnectionsRefused(this ILogger logger, string listener, int max, int count, string peer);

    [LoggerMessage(104, LogLevel.Debug, "connection {Id}, closed for the memory budget, gets udsbroker.memory.shed-grace-period once more: the broker has not written to it yet")]
    internal static partial void ShedGraceGivenAgain(this ILogger logger, Guid id);

    [LoggerMessage(110, LogLevel.Warning, "listener {Listener} pauses for {Pause}: {Detail}")]
    internal static partial void ListenerPaused(this ILogger logger, string listener, TimeSpan pause, string detail);

    [LoggerMessage(112, LogLevel.Error, "listener {Listener}: {Path} is no longer the socket of this broker; somebody removed or replaced it")]
    internal static partial void ListenerLost(this ILogger logger, string listener, string path);

    [LoggerMessage(120, LogLevel.Error, "fault in {Actor}")]
    internal static partial void ActorFault(this ILogger logger, string actor, Exception exception);

    [LoggerMessage(140, LogLevel.Warning, "actor runtime, {Source}: {Text}")]
    internal static partial void RuntimeWarning(this ILogger logger, string source, string text, Exception? exception);

    [LoggerMessage(141, LogLevel.Error, "actor runtime, {Source}: {Text}")]
    internal static partial void RuntimeError(this ILogger logger, string source, string text, Exception? exception);

    [LoggerMessage(160, LogLevel.Warning, "kick of connection {Id}, asked for by {Peer}")]
    internal static partial void Kicked(this ILogger logger, Guid id, string peer);

    [LoggerMessage(161, LogLevel.Warning, "drain asked for by {Peer}: nothing new is accepted, and all connections are closed within {Seconds} s")]
    internal static partial void LameDuckStarted(this ILogger logger, string peer, double seconds);

    [LoggerMessage(170, LogLevel.Warning, "{Count} delayed messages were dropped, because the broker stopped before they were due")]
    internal static partial void DelayedDropped(this ILogger logger, int count);

    [LoggerMessage(180, LogLevel.Warning, "listener {Listener}: packets have at most {Bytes} bytes, not the {Wanted} of max-packet; raise net.core.wmem_max")]
    internal static partial void PacketsSmaller(this ILogger logger, string listener, int bytes, int wanted);

    [LoggerMessage(181, LogLevel.Warning, "listener {Listener} refused datagrams: {Count}, first {First}")]
    internal static partial void DatagramsRefused(this ILogger logger, string listener, int count, string first);

    [LoggerMessage(190, LogLevel.Warning, "{Peer} was denied to {Action}: {Because}; {Count} like it were not logged")]
    internal static partial void AccessDenied(this ILogger logger, string peer, string action, string because, long count);

    [LoggerMessage(191, LogLevel.Information, "access rules reloaded: {Count} of them, default {Default}")]
    internal static partial void AccessReloaded(this ILogger logger, int count, string @default);

    [LoggerMessage(192, LogLevel.Error, "SIGHUP: nothing was changed, because {Detail}")]
    internal static partial void ReloadFailed(this ILogger logger, string detail, Exception? fault);

    [LoggerMessage(195, LogLevel.Warning, "SIGHUP: these changed settings need a restart: {Keys}")]
    internal static partial void RestartNeeded(this ILogger logger, string keys);

    [LoggerMessage(196, LogLevel.Warning, "connections closed for {Reason} that were not logged: {Count}")]
    internal static partial void ClosingsNotLogged(this ILogger logger, CloseReason reason, long count);

    [LoggerMessage(200, LogLevel.Warning, "connections refused: {Count}, first {First}")]
    internal static partial void ConnectionsOverLimit(this ILogger logger, int count, string first);
}
