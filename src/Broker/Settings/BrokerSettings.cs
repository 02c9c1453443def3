using Microsoft.Extensions.Logging;
using UdsBroker.Broker.Access;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Settings;

/// <summary>
/// All settings, as they were read once; a reload reads new ones and applies the sections that <see cref="SettingsChanges"/> lists. No
/// value has a default here: all defaults are in <c>udsbroker.reference.conf</c>, so that each is written only once, together with its
/// meaning.
/// </summary>
public sealed record BrokerSettings
{
    /// <summary>The listening sockets, at least one, in the order of their names.</summary>
    public required IReadOnlyList<ListenerSettings> Listeners { get; init; }

    /// <summary>The limits of the wire.</summary>
    public required Limits Limits { get; init; }

    /// <summary>Who may connect, publish and subscribe, and how denials are logged.</summary>
    public required AccessSettings Access { get; init; }

    /// <summary>How many connections there may be, and how long they may take for HELLO.</summary>
    public required ConnectionSettings Connections { get; init; }

    /// <summary>What the connections of one user may take together.</summary>
    public required UserSettings Users { get; init; }

    /// <summary>How much the broker may hold for all clients.</summary>
    public required MemorySettings Memory { get; init; }

    /// <summary>Detecting peers that are connected but dead.</summary>
    public required KeepAliveSettings KeepAlive { get; init; }

    /// <summary>Reading from sockets.</summary>
    public required ReceiveSettings Receive { get; init; }

    /// <summary>Writing to sockets: when publishers pause.</summary>
    public required OutboundSettings Outbound { get; init; }

    /// <summary>How much may wait for a subscription, and what happens when it stalls.</summary>
    public required SubscriptionSettings Subscriptions { get; init; }

    /// <summary>Retained messages.</summary>
    public required RetainedSettings Retained { get; init; }

    /// <summary>Delayed messages.</summary>
    public required DelayedSettings Delayed { get; init; }

    /// <summary>What the broker publishes about itself.</summary>
    public required SystemSettings System { get; init; }

    /// <summary>How many requests are remembered.</summary>
    public required RequestSettings Requests { get; init; }

    /// <summary>The end of the broker.</summary>
    public required ShutdownSettings Shutdown { get; init; }

    /// <summary>What is written to standard error.</summary>
    public required LogSettings Log { get; init; }
}

/// <summary>Who may do what, from <c>udsbroker.access</c>.</summary>
/// <param name="Policy">The rules.</param>
/// <param name="DenialLogInterval">How long after a line about a denial further ones of the same user and verb are only counted.</param>
public sealed record AccessSettings(AccessPolicy Policy, TimeSpan DenialLogInterval);

/// <summary>How many connections there may be and how they begin, from <c>udsbroker.connections</c>.</summary>
/// <param name="Max">Connections at the same time; 0 for as many as the descriptor limit allows.</param>
/// <param name="HandshakeTimeout">From accept to a complete HELLO.</param>
/// <param name="FrameTimeout">How long a frame that has begun may take, without as much as a receive buffer's worth of it arriving.</param>
/// <param name="IdleTimeout">A connection over which nothing but keep-alive has gone for this time is closed; zero for never.</param>
/// <param name="ReceiveRate">Bytes read of one connection within a second; 0 for no bound.</param>
public sealed record ConnectionSettings(int Max, TimeSpan HandshakeTimeout, TimeSpan FrameTimeout, TimeSpan IdleTimeout, long ReceiveRate);

/// <summary>What the connections of one user may take together, from <c>udsbroker.users</c>.</summary>
/// <param name="MaxConnections">Connections at the same time.</param>
/// <param name="ConnectRate">Connections accepted of the user within a second; 0 for no bound.</param>
/// <param name="MaxSubscriptions">Subscriptions at the same time.</param>
/// <param name="MaxSystemSubscriptions">How many of them may be below <c>$SYS.</c></param>
/// <param name="MaxWildcardShapes">Different sets of positions at which its patterns may have <c>*</c>, at the same time.</param>
/// <param name="MaxPending">Bytes held for the user before the overflow policies of its subscriptions act.</param>
/// <param name="ReceiveRate">Bytes read of the user within a second; 0 for no bound.</param>
/// <param name="Retained">How much of the user's messages may be retained.</param>
/// <param name="Delayed">How much of the user's messages may be delayed.</param>
/// <param name="MaxOpenRequests">Unanswered requests remembered for the user's connections; 0 leaves that to the bound of each
/// connection.</param>
/// <param name="MaxRoutes">Bytes for caching the routes of subjects that the user publishes to.</param>
public sealed record UserSettings(
    int MaxConnections,
    int ConnectRate,
    int MaxSubscriptions,
    int MaxSystemSubscriptions,
    int MaxWildcardShapes,
    long MaxPending,
    long ReceiveRate,
    UserKeptSettings Retained,
    UserKeptSettings Delayed,
    int MaxOpenRequests,
    long MaxRoutes);

/// <summary>How much of one user's messages a store keeps at most; 0 leaves that to the bound of the store.</summary>
/// <param name="MaxMessages">Messages.</param>
/// <param name="MaxBytes">Bytes of their whole frames.</param>
public sealed record UserKeptSettings(int MaxMessages, long MaxBytes);

/// <summary>How much the broker may hold for its clients, from <c>udsbroker.memory</c>.</summary>
/// <param name="Budget">Bytes held for all clients, beyond which the heaviest connections are closed.</param>
/// <param name="ShedGracePeriod">How long a connection that is closed for that may take to read its GOODBYE.</param>
public sealed record MemorySettings(long Budget, TimeSpan ShedGracePeriod);

/// <summary>Liveness probes, from <c>udsbroker.keep-alive</c>.</summary>
/// <param name="PingInterval">A connection that has been silent for this time is sent a PING.</param>
/// <param name="StaleAfter">Unanswered PINGs in a row after which a connection is closed as stale.</param>
public sealed record KeepAliveSettings(TimeSpan PingInterval, int StaleAfter);

/// <summary>Reading from sockets, from <c>udsbroker.receive</c>.</summary>
/// <param name="BufferSize">Bytes of one pooled buffer, and the most that one receive can take.</param>
/// <param name="SpinLimit">The longest time that a thread polls for the next socket event before it sleeps; zero sleeps at once.</param>
public sealed record ReceiveSettings(int BufferSize, TimeSpan SpinLimit);

/// <summary>The watermarks of a connection's outbound queue, from <c>udsbroker.outbound</c>; low is below high.</summary>
/// <param name="HighWatermark">Bytes in the queue at which publishers to it pause.</param>
/// <param name="LowWatermark">Bytes in the queue at which they resume.</param>
public sealed record OutboundSettings(long HighWatermark, long LowWatermark);

/// <summary>Bounds of one subscription, from <c>udsbroker.subscriptions</c>.</summary>
/// <param name="MaxPendingBytes">Bytes that may wait for it before its overflow policy acts.</param>
/// <param name="MaxPendingMessages">Messages that may wait for it before its overflow policy acts.</param>
/// <param name="StallTimeout">How long a blocking subscription may make no progress, not counting a pause of the broker itself. After that
/// it drops its oldest messages until it has caught up.</param>
public sealed record SubscriptionSettings(long MaxPendingBytes, int MaxPendingMessages, TimeSpan StallTimeout);

/// <summary>Bounds of retained messages, from <c>udsbroker.retained</c>.</summary>
/// <param name="MaxMessages">Messages.</param>
/// <param name="MaxBytes">Bytes of their whole frames.</param>
public sealed record RetainedSettings(int MaxMessages, long MaxBytes);

/// <summary>Bounds of delayed messages, from <c>udsbroker.delayed</c>.</summary>
/// <param name="MaxMessages">Messages.</param>
/// <param name="MaxBytes">Bytes of their whole frames.</param>
/// <param name="MaxDelay">The longest delay.</param>
public sealed record DelayedSettings(int MaxMessages, long MaxBytes, TimeSpan MaxDelay);

/// <summary>What the broker says about itself, from <c>udsbroker.system</c>.</summary>
/// <param name="StatisticsInterval">How often the statistics are published while somebody is subscribed; zero for never.</param>
public sealed record SystemSettings(TimeSpan StatisticsInterval);

/// <summary>What is remembered of requests, from <c>udsbroker.requests</c>.</summary>
/// <param name="MaxOpen">Unanswered requests remembered for each connection that was given them; 0 remembers none.</param>
public sealed record RequestSettings(int MaxOpen);

/// <summary>The end of the broker, from <c>udsbroker.shutdown</c>.</summary>
/// <param name="GracePeriod">How long connections may take to receive what is queued for them, before they are aborted.</param>
/// <param name="LameDuckPeriod">Over how long the goodbyes are spread when an operator drains the broker.</param>
public sealed record ShutdownSettings(TimeSpan GracePeriod, TimeSpan LameDuckPeriod);

/// <summary>What is written to standard error, from <c>udsbroker.log</c>.</summary>
/// <param name="Level">The least severe level that is written.</param>
public sealed record LogSettings(LogLevel Level);
