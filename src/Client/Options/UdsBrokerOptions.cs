using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// Everything that can be chosen about a client, as an immutable record: change a copy with <c>with</c>. Every property has a default that suits
/// a service on the same host as its broker; each documents its unit, its range and what happens at the edge. The values are checked once, when
/// the client is constructed.
/// </summary>
public sealed record UdsBrokerOptions
{
    /// <summary>The longest time that may be set: timers hold little more than seven weeks.</summary>
    internal static readonly TimeSpan LongestTime = TimeSpan.FromDays(49);

    private const int MaxNameBytes = 1024;

    /// <summary>
    /// The broker's socket: a path, or <c>@name</c> for Linux's abstract namespace, and before it the kind of the socket: <c>unix:</c> or nothing for a
    /// stream, <c>unix-seqpacket:</c> for packets, <c>unix-dgram:</c> for a client that only publishes and never waits
    /// (<see cref="UdsBrokerClient.IsPublishOnly"/>). Default <see langword="null"/>: the place that broker and client compute alike
    /// (<c>$UDSBROKER_SOCKET</c>, else the user's runtime directory, see PROTOCOL.md). At most 107 bytes of UTF-8.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// A name for people: it appears in the broker's log, its presence messages and <c>udsb clients</c>. It grants nothing. Default: the name of the
    /// program; at most 1024 bytes of UTF-8.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// Where else an equivalent broker may listen, as texts like <see cref="Path"/>. An attempt that fails, and the loss of a connection to a broker that
    /// has gone or is about to stop, make the client go on to the next; after the last comes <see cref="Path"/> again. The first connect tries each
    /// once before it fails. Default none. What was retained or subscribed at one broker is not at another, but for this client's own subscriptions.
    /// </summary>
    public IReadOnlyList<string> AlternatePaths { get; init; } = [];

    /// <summary>
    /// A message that the broker publishes, as from this client, when the connection ends other than in order: the process died, hangs, or was
    /// kicked. Not when the client is disposed, and not when the broker stops. Default none. HELLO, of which it is a part, has at most 4096 bytes
    /// as a whole. One that is larger, or has a wrong subject or header, is an <see cref="ArgumentException"/> where the client is made; one that
    /// the broker's own limits or rules forbid is told by <see cref="UdsBrokerClient.ErrorReceived"/>.
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
    /// The kernel announces a dead broker at once, so this is for one that stands still: by the defaults a client leaves it after a minute and a half. While this
    /// client's messages have to wait for a slow subscriber, the broker only gives a sign of life at its own <c>ping-interval</c> (30 s by default): the
    /// client's patience, this interval times <see cref="MaxPingsOut"/> plus one, should be longer.
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
    /// Default 65,536, so that a slow reader loses nothing here and the broker's policy decides. 0: no credit; the broker sends as fast as the socket
    /// takes, and <see cref="SubscriptionOptions.WhenFull"/> decides here.
    /// </summary>
    public int SubscriptionCredit { get; init; } = 65_536;

    /// <summary>
    /// Whether the uid of the process that listens is read from the kernel (SO_PEERCRED, see unix(7)) and checked before anything is sent. Default
    /// <see langword="true"/>. Without it any user who can create a file in the socket's directory can pretend to be the broker. The kernel does not say who
    /// reads datagrams; there an abstract address is refused instead, and a path on which anything belongs to another user or others may write to.
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
    /// How long <see cref="UdsBrokerClient.DisposeAsync"/> may take to have what was published routed, on the next connection if there is none now, and say
    /// goodbye. Default 5 s; zero closes at once; at most 49 days.
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
