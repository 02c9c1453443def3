using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// What all connections of a run saw, each in its own order and by one clock. From outside nobody can know when the broker did something, only between which
/// two moments: a message is routed between when it was begun and the PONG after it, a subscription begins and ends between being asked for and
/// the PONG after that.
/// </summary>
internal sealed class History
{
    private readonly List<ConnectionHistory> _connections = [];

    internal IReadOnlyList<ConnectionHistory> Connections => _connections;

    internal ConnectionHistory Add()
    {
        lock (_connections)
        {
            var added = new ConnectionHistory(_connections.Count);
            _connections.Add(added);
            return added;
        }
    }

    /// <summary>How many events were checked.</summary>
    internal long Events => _connections.Sum(connection => connection.Sent.Count + connection.Arrivals.Count + connection.Subscriptions.Count + connection.Errors.Count);

    /// <summary>The last things that each connection saw: threads do not replay.</summary>
    internal string Tail(int length) => string.Join('\n', _connections.Select(connection =>
        $"{connection}: {connection.Sent.Count} sent, {connection.Arrivals.Count} arrivals, {connection.Receipts}; "
        + $"{string.Join("; ", connection.Subscriptions)}; {string.Join(", ", connection.Errors)}; … {string.Join(", ", connection.Arrivals.TakeLast(length))}"));
}

/// <summary>One connection, from its WELCOME to its end.</summary>
internal sealed class ConnectionHistory(int number)
{
    internal int Number => number;

    internal Guid Id { get; set; }

    /// <summary>Its messages, in the order sent.</summary>
    internal List<SentMessage> Sent { get; } = [];

    internal List<SubscriptionHistory> Subscriptions { get; } = [];

    /// <summary>Messages and gaps, in the order in which they came.</summary>
    internal List<Arrival> Arrivals { get; } = [];

    internal List<(ErrorCode Code, string? Reply)> Errors { get; } = [];

    /// <summary>All receipts together.</summary>
    internal Receipt Receipts { get; set; }

    internal ConnectionEnd End { get; set; }

    internal bool IsLost => End != ConnectionEnd.None;

    public override string ToString() => $"connection {number}{(IsLost ? $" ({End})" : "")}";
}

internal enum ConnectionEnd
{
    /// <summary>It was there until nothing moved any more.</summary>
    None,

    /// <summary>It disconnected without GOODBYE.</summary>
    Killed,

    /// <summary>The broker closed it as a slow consumer.</summary>
    SlowConsumer,

    /// <summary>The broker closed it without cause.</summary>
    Closed,
}

/// <summary>A message as it was published.</summary>
/// <param name="Number">Its place among those of its connection.</param>
/// <param name="Subject">Where to.</param>
/// <param name="Reply">Where the answer should go, if it is a request.</param>
/// <param name="Hash">Of all bytes of its frame.</param>
/// <param name="Begun">Before that it cannot have been routed.</param>
internal sealed record SentMessage(int Number, string Subject, string? Reply, ulong Hash, long Begun)
{
    /// <summary>From then on it had been routed.</summary>
    internal long Confirmed { get; set; } = long.MaxValue;
}

/// <summary>A subscription and the moments between which it began and ended.</summary>
internal sealed record SubscriptionHistory(uint Sid, string Pattern, string? Queue, OverflowPolicy Policy, long Asked)
{
    internal long Active { get; set; } = long.MaxValue;

    internal long EndAsked { get; set; } = long.MaxValue;

    internal long Ended { get; set; } = long.MaxValue;

    internal SubjectPattern Parsed { get; } = SubjectPattern.Parse(Pattern);

    public override string ToString() => $"{Sid} {Pattern} {Queue} {Policy}{(EndAsked == long.MaxValue ? "" : " left")}";
}

/// <summary>A message that came for a subscription, or, when <paramref name="Missed"/> is not 0, a gap in it.</summary>
internal readonly record struct Arrival(uint Sid, ulong Missed, Guid Sender, string Subject, int Connection, int Number, ulong Hash)
{
    internal static Arrival Gap(uint sid, ulong count) => new(sid, count, default, "", 0, 0, 0);

    public override string ToString() => Missed > 0 ? $"{Sid}: {Missed} missed" : $"{Sid}: {Connection}.{Number} {Subject}";
}
