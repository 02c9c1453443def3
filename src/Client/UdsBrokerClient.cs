using System.Collections.Concurrent;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// A client of the broker: publishes, subscribes, and reconnects by itself when the connection is lost. One per process is usually enough;
/// every member may be called from any thread.
/// <code>
/// await using var client = new UdsBrokerClient();
/// await using Subscription orders = await client.SubscribeAsync("orders.*.created");
/// await client.PublishAsync("orders.eu.created", payload);
/// await foreach (Message message in orders) …
/// </code>
/// It connects when it is first used, or with <see cref="ConnectAsync"/>. Guarantees: messages of one thread arrive in their order, each at
/// most once; what is dropped is counted; what a lost connection leaves unknown is reported (<see cref="ConnectionLostException"/>).
/// </summary>
public sealed partial class UdsBrokerClient : IAsyncDisposable
{
    private volatile ErrorCommand? _lastError;
    private readonly UdsBrokerOptions _options;
    private readonly ConcurrentDictionary<uint, Subscription> _subscriptions = new();
    private readonly PublishSubjectCache _publishSubjects = new();
    private readonly EventQueue _events = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private int _lastSid;

    /// <summary>Makes a client with the default options; nothing is connected yet.</summary>
    public UdsBrokerClient()
        : this(new UdsBrokerOptions())
    {
    }

    /// <summary>Makes a client; nothing is connected yet.</summary>
    /// <param name="options">Everything that can be chosen.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="ConnectFailedException">The path begins with <c>unix-dgram:</c> and cannot name a socket.</exception>
    public UdsBrokerClient(UdsBrokerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validated();
        Outbound = new OutboundBuffer(options.WriteBufferBytes, options.MaxBufferedPublishBytes);
        _sweep = new RequestSweep(_requests, _options.Time);
        _inbox = NewInbox(new SubscriptionOptions());
        if (SocketAddress.KindOf(options.Path) == SocketKind.Dgram) _datagrams = new DatagramPublisher(SocketAddress.Parse(options.Path), _options);
    }

    /// <summary>A connection was made, the first or another; subscriptions are active on it. Handlers run on the thread pool, one event at a time.</summary>
    public event Action<ConnectedEvent>? Connected;

    /// <summary>
    /// A connection ended, or this client did while messages waited for one (<see cref="DisconnectedEvent.PublishesDropped"/>). One that ended before
    /// <see cref="Connected"/> is reported only when it leaves messages in doubt. Handlers run on the thread pool, one event at a time.
    /// </summary>
    public event Action<DisconnectedEvent>? Disconnected;

    /// <summary>
    /// The broker refused something that no call is waiting for, for instance a publish to a subject that is not allowed. The connection lives.
    /// Handlers run on the thread pool, one event at a time.
    /// </summary>
    public event Action<ErrorCommand>? ErrorReceived;

    /// <summary>
    /// What <see cref="ErrorReceived"/> reported last, or is about to report; <see langword="null"/> while nothing was refused. It is set
    /// before a <see cref="FlushAsync"/> that follows the refused command completes.
    /// </summary>
    public ErrorCommand? LastError => _lastError;

    /// <summary>How the client was made.</summary>
    public UdsBrokerOptions Options => _options;

    /// <summary>The identity of the current connection, given by the broker; all zero while there is none. Each connection has its own.</summary>
    public Guid Id => Server?.Id ?? default;

    /// <summary>Who is at the other end; <see langword="null"/> while there is no connection.</summary>
    public ServerDescription? Server => _phase == Phase.Connected ? _server : null;

    /// <summary>Whether there is a connection right now, as far as this side knows; it may be lost the next moment.</summary>
    public bool IsConnected => _datagrams?.IsConnected ?? _phase == Phase.Connected;

    internal OutboundBuffer Outbound { get; }

    internal SubjectCache ReceivedSubjects { get; } = new();

    private Limits Limits => _server?.Limits ?? Limits.Default;

    internal Subscription? FindSubscription(uint sid) => _subscriptions.GetValueOrDefault(sid);

    internal void Raise(Action raise, Action? forgotten = null) => _events.Add(raise, forgotten);

    /// <summary>
    /// On the reading thread: the broker refused something. A refused subscription ends; the caller that made it gets the exception.
    /// </summary>
    internal void OnError(ErrorCommand error)
    {
        Subscription? subscription = null;
        bool hasSid = error.Context is { } context && context.TryGetValue("sid", out string? text) && uint.TryParse(text, out uint sid) && IsOurs(sid, out subscription);
        if (hasSid && error.Code == ErrorCode.UnknownSid && subscription is null) return;
        if (error.Context is { } about && about.TryGetValue("reply", out string? reply) && FailRequest(reply, error)) return;
        if (subscription is not null && EndsSubscription(error.Code))
        {
            _subscriptions.TryRemove(subscription.Sid, out _);
            subscription.Refuse(error.Code, error.Message);
            if (!subscription.IsActive) return;
        }

        _lastError = error;
        if (ErrorReceived is not null) Raise(() => ErrorReceived?.Invoke(error));
    }

    private static bool EndsSubscription(ErrorCode code) => code is not (ErrorCode.UnknownSid or ErrorCode.NotOnCredit);

    /// <summary>
    /// An UNSUBSCRIBE that crosses the end of its subscription on the broker's side is answered by "unknown sid", which can be ignored.
    /// </summary>
    private bool IsOurs(uint sid, out Subscription? subscription)
    {
        subscription = FindSubscription(sid);
        return sid != 0 && sid <= (uint)Volatile.Read(ref _lastSid);
    }
}
