using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// Everything that can be chosen about a client, as an immutable record: change a copy with <c>with</c>. Every property has a default that suits
/// a service on the same host as its broker; each documents its unit, its range and what happens at the edge. The values are checked once, when
/// the client is constructed.
/// </summary>
public sealed record UdsBrokerOptions
{
    /// <summary>The longest time that may be set: timers are limited to a little more than seven weeks.</summary>
    internal static readonly TimeSpan LongestTime = TimeSpan.FromDays(49);

    private const int MaxNameBytes = 1024;

    /// <summary>
    /// The broker's socket: a path, or <c>@name</c> for Linux's abstract namespace, and before it the kind of the socket: <c>unix:</c> or nothing for a
    /// stream, <c>unix-seqpacket:</c> for packets, <c>unix-dgram:</c> for a client that only publishes and never waits
    /// (<see cref="UdsBrokerClient.IsPublishOnly"/>). Default <see langword="null"/>: the default that broker and client both compute
    /// (<c>$UDSBROKER_SOCKET</c>, else the user's runtime directory, see PROTOCOL.md). At most 107 bytes of UTF-8.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// A name for people: it appears in the broker's log, its presence messages and <c>udsb clients</c>. It grants nothing. Default: the name of the
    /// program; at most 1024 bytes of UTF-8.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// Where else an equivalent broker may listen, in the form of <see cref="Path"/>. The client moves to the next address when an attempt
    /// fails, or when it loses the connection to a broker that has gone or is about to stop; <see cref="Path"/> follows the last one. The
    /// first connect tries each once before it fails. Default none. Brokers do not share retained messages or subscriptions; only this
    /// client's own subscriptions are made again.
    /// </summary>
    public IReadOnlyList<string> AlternatePaths { get; init; } = [];

    /// <summary>
    /// The last will: a message that the broker publishes on behalf of this client when the connection does not end in order, because the
    /// process died, hangs, or was kicked. It is not published when the client is disposed or the broker stops. Default none. It is a part
    /// of HELLO, which has at most 4096 bytes as a whole. If it is too large, or has a wrong subject or header, the client's constructor
    /// throws <see cref="ArgumentException"/>; if the broker's own limits or rules forbid it, <see cref="UdsBrokerClient.ErrorReceived"/>
    /// reports it.
    /// </summary>
    public LastWill? Will { get; init; }

    /// <summary>How long one attempt to connect may take from the first try of the socket to the broker's WELCOME. Default 5 s; more than zero, at most 49 days.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether the very first connect is repeated, with the delays of <see cref="Reconnect"/>, until it succeeds. Default <see langword="false"/>: a
    /// wrong path should be an error at once, not a program that waits in silence. Set it when the client may start before its broker.
    /// </summary>
    public bool RetryFirstConnect { get; init; }

    /// <summary>Whether and how the client comes back after a connection was lost.</summary>
    public ReconnectOptions Reconnect { get; init; } = new();

    /// <summary>
    /// How many bytes of frames may wait for the socket before
    /// <see cref="UdsBrokerClient.PublishAsync(string, ReadOnlyMemory{byte}, IReadOnlyDictionary{string, string}?, string?, CancellationToken)"/>
    /// returns a task that completes later: the publisher's backpressure. Default 512 KiB, which keeps the buffer inside the processor's cache;
    /// 4 KiB or more.
    /// </summary>
    public int WriteBufferBytes { get; init; } = 512 * 1024;

    /// <summary>
    /// The hard bound of frames that are held in memory: while the connection is away, and for callers that do not await their publishes, once more than
    /// <see cref="WriteBufferBytes"/> wait. Beyond it publishing throws <see cref="PublishBufferFullException"/> and the message is not taken. Default 8 MiB; 0 or
    /// more. A single message larger than this is accepted when nothing else waits. 0 means: while away every publish throws.
    /// </summary>
    public int MaxBufferedPublishBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// After this much silence from the broker the client sends a PING. Default 30 s; more than zero, at most 49 days; <see cref="Timeout.InfiniteTimeSpan"/> turns keep-alive off.
    /// The kernel reports a dead broker at once; keep-alive detects one that hangs, by default after a minute and a half. While this
    /// client's messages have to wait for a slow subscriber, the broker gives a sign of life only at its own <c>ping-interval</c> (30 s by
    /// default), so this interval times (<see cref="MaxPingsOut"/> plus one) should be longer than that.
    /// </summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many PINGs in a row may stay unanswered before the connection counts as dead (close reason stale). Default 2; 1 or more.</summary>
    public int MaxPingsOut { get; init; } = 2;

    /// <summary>Default of <see cref="SubscriptionOptions.PendingBytes"/>: bytes one subscription holds for its reader. Default 8 MiB; 1 KiB or more.</summary>
    public int SubscriptionPendingBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Default of <see cref="SubscriptionOptions.PendingMessages"/>: messages one subscription holds for its reader. Default 65,536; 1 or more.</summary>
    public int SubscriptionPendingMessages { get; init; } = 65_536;

    /// <summary>
    /// Default of <see cref="SubscriptionOptions.Credit"/>: messages that the broker may have sent to a subscription and its reader has not read yet.
    /// Default 65,536, so that a slow reader loses nothing in this client and the broker's policy decides. 0: no credit; the broker sends
    /// as fast as the socket allows, and <see cref="SubscriptionOptions.WhenFull"/> decides in this client.
    /// </summary>
    public int SubscriptionCredit { get; init; } = 65_536;

    /// <summary>
    /// Whether the uid of the process that listens is read from the kernel (SO_PEERCRED, see unix(7)) and checked before anything is sent. Default
    /// <see langword="true"/>. Without it any user who can create a file in the socket's directory can pretend to be the broker. The kernel does not say who
    /// reads datagrams; for these an abstract address is refused instead, as is a path where the socket or a directory belongs to another
    /// user or is writable for others.
    /// </summary>
    public bool VerifyServerUid { get; init; } = true;

    /// <summary>
    /// The uid that the broker must have. Default <see langword="null"/>: the uid of this process, or root. 65534 is what the kernel says for a user
    /// it cannot name; it never matches by default. For datagrams: who may own the socket and its directories, besides this user and root.
    /// </summary>
    public uint? ExpectedServerUid { get; init; }

    /// <summary>How long a request waits for its answer when the call names no time of its own. Default 5 s; more than zero, at most 49 days.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long <see cref="UdsBrokerClient.DisposeAsync"/> may wait until everything published is routed, on the next connection if there
    /// is none now, and GOODBYE is sent. Default 5 s; zero waits for nothing, and GOODBYE is sent if the socket takes it at once; at most 49 days.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock of delays and keep-alive; tests replace it.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>More than zero, and not more than a timer holds.</summary>
    internal static void CheckTime(TimeSpan time, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, LongestTime, name);
    }

    internal UdsBrokerOptions Validated()
    {
        if (Name is not null) ArgumentOutOfRangeException.ThrowIfGreaterThan(System.Text.Encoding.UTF8.GetByteCount(Name), MaxNameBytes, nameof(Name));
        CheckTime(ConnectTimeout, nameof(ConnectTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(WriteBufferBytes, 4096, nameof(WriteBufferBytes));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxBufferedPublishBytes, nameof(MaxBufferedPublishBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPingsOut, 1, nameof(MaxPingsOut));
        ArgumentOutOfRangeException.ThrowIfLessThan(SubscriptionPendingBytes, 1024, nameof(SubscriptionPendingBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(SubscriptionPendingMessages, 1, nameof(SubscriptionPendingMessages));
        ArgumentOutOfRangeException.ThrowIfNegative(SubscriptionCredit, nameof(SubscriptionCredit));
        CheckTime(RequestTimeout, nameof(RequestTimeout));
        if (DrainTimeout != TimeSpan.Zero) CheckTime(DrainTimeout, nameof(DrainTimeout));
        if (PingInterval != Timeout.InfiniteTimeSpan) CheckTime(PingInterval, nameof(PingInterval));
        ArgumentNullException.ThrowIfNull(AlternatePaths);
        if (AlternatePaths.Any(path => SocketAddress.KindOf(path) == SocketKind.Dgram))
            throw new ArgumentException("A client of unix-dgram: has no connection to take elsewhere; give it as Path.", nameof(AlternatePaths));
        HelloFrame.Check(this);
        ArgumentNullException.ThrowIfNull(Reconnect);
        Reconnect.Validate();
        return this;
    }
}
