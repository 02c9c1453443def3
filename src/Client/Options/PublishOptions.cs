using System.Globalization;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// What the broker does with a message besides routing it. On the wire these are headers (<c>Udsb-Retain</c>, <c>Udsb-Expires</c>,
/// <c>Udsb-Delay</c>), which receivers see as well. They may be combined. Immutable: keep one and use it for many messages.
/// </summary>
public sealed record PublishOptions
{
    /// <summary>Options that make a message the retained one of its subject.</summary>
    public static PublishOptions Retained { get; } = new() { Retain = true };

    /// <summary>
    /// Keep the message as the last of its subject: later subscribers get it first, marked by <see cref="Message.IsRetained"/>. An empty
    /// payload clears the subject. Default <see langword="false"/>. When the broker has no room,
    /// <see cref="UdsBrokerClient.ErrorReceived"/> reports it (<see cref="ErrorCode.RetainedFull"/>); the message was routed.
    /// </summary>
    public bool Retain { get; init; }

    /// <summary>
    /// The time to live of the message, counted from its arrival at the broker: after it the message is dropped wherever it waits in the broker, and counted in
    /// <see cref="Receipt.Expired"/>. Whole milliseconds; zero means that it is sent at once or not at all. Default <see langword="null"/>:
    /// it never expires.
    /// </summary>
    public TimeSpan? Expires { get; init; }

    /// <summary>
    /// How long the broker waits before it routes the message, which it does even when this client is gone by then. Whole milliseconds,
    /// from zero to what the broker allows (a day by default). Default <see langword="null"/>: at once. When there is no room,
    /// <see cref="UdsBrokerClient.ErrorReceived"/> reports it (<see cref="ErrorCode.DelayedFull"/>), and the message is not routed.
    /// </summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Further names and values. Default <see langword="null"/>: none.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The subject to answer to. Default <see langword="null"/>: no answer is asked for.</summary>
    public string? Reply { get; init; }

    /// <summary>All of it as headers; null when there are none.</summary>
    internal IReadOnlyDictionary<string, string>? ToHeaders()
    {
        if (!Retain && Expires is null && Delay is null) return Headers;
        Dictionary<string, string> all = Headers is null ? [] : new(Headers);
        if (Retain) all[KnownHeaders.Retain] = "1";
        if (Expires is { } expires) all[KnownHeaders.Expires] = Milliseconds(expires, nameof(Expires));
        if (Delay is { } delay) all[KnownHeaders.Delay] = Milliseconds(delay, nameof(Delay));
        return all;
    }

    private static string Milliseconds(TimeSpan time, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, name);
        return ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
    }
}
