using System.Diagnostics;
using System.Text;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// I6: a user whose patterns have <c>*</c> wherever they can, so that a subject of many tokens has as many paths through the tree of
/// patterns as possible and matches none of them. What a publisher pays for that is bounded by the shapes of a user's patterns and not by
/// their number. It is
/// counted in nodes, since time is the machine's.
/// </summary>
public sealed class WildcardTests
{
    private const int Patterns = 100_000;
    private const int Tokens = 32;

    /// <summary>So many publishes come first: until the runtime has fully compiled the code path, it takes four times as long.</summary>
    private static readonly int WarmUp = Campaign.IsLong ? 50_000 : 0;

    private static readonly int MaxShapes =
        BrokerSettingsReader.Read(SettingsLayers.Load(null, "/run/udsbroker/broker.sock", [])).Users.MaxWildcardShapes;

    [Fact]
    public void Patterns_with_wildcards_in_ever_other_places_are_refused_beyond_the_bound_and_a_subject_leads_to_few_nodes()
    {
        var broker = Broker(MaxShapes);

        var (accepted, refusal) = Subscribe(broker, number => Pattern(wildcards: number, last: "x"));

        Assert.Equal(MaxShapes + 1, accepted); // the first has no wildcard at all
        Assert.Equal(ErrorCode.TooManySubscriptions, refusal!.Code);
        Assert.Equal(
            $"the patterns of this user's connections have * in {MaxShapes} different sets of places; "
            + $"at most {MaxShapes} are allowed (udsbroker.users.max-wildcard-shapes)",
            refusal.Message);
        Assert.InRange(Visits(broker), 1, MaxShapes * Tokens);
    }

    [Fact]
    public void A_hundred_thousand_patterns_of_the_worst_shapes_cost_a_publisher_no_more_nodes_than_the_bound_allows()
    {
        var campaign = Campaign.Begin("wildcards", inCi: 1000, whenLong: 50_000);
        var broker = Broker(MaxShapes);

        // Wildcards as early as they can be, and never a match: each path is followed to its end.
        var (accepted, _) = Subscribe(broker, number => Pattern(wildcards: number % MaxShapes, last: $"x{number}"));

        Assert.Equal(Patterns, accepted);
        var visits = Visits(broker);
        Assert.InRange(visits, MaxShapes * (Tokens / 2), MaxShapes * Tokens);
        var (median, worst) = Publish(broker, campaign.Rounds);
        campaign.Say(
            $"{Patterns} patterns of {MaxShapes} shapes: {visits} nodes for a subject of {Tokens} tokens; {campaign.Rounds} publishes to subjects that nobody remembers: "
            + $"p50 {median.TotalMicroseconds:f1} us, p99 {worst.TotalMicroseconds:f1} us");
    }

    [Fact]
    public void Without_the_bound_as_many_patterns_would_cost_a_hundred_times_as_much()
    {
        var campaign = Campaign.Begin("wildcards without a bound", inCi: 1, whenLong: 200);
        var broker = Broker(int.MaxValue);

        var (accepted, _) = Subscribe(broker, number => Pattern(wildcards: number, last: "x"));

        Assert.Equal(Patterns, accepted);
        var visits = Visits(broker);
        Assert.InRange(visits, Patterns, int.MaxValue);
        var (median, worst) = Publish(broker, campaign.Rounds);
        campaign.Say($"{Patterns} patterns of as many shapes: {visits} nodes; p50 {median.TotalMicroseconds:f0} us, p99 {worst.TotalMicroseconds:f0} us");
    }

    private static CoreBroker Broker(int maxShapes) => new(users: new UserLimits(100, 1_000_000, 1L << 40, 0) { MaxWildcardShapes = maxShapes });

    // The bits of the number are the places of wildcards, from the left; all other tokens are "a", but for the last, which nobody publishes.
    private static string Pattern(int wildcards, string last) =>
        string.Join('.', [.. Enumerable.Range(0, Tokens - 1).Select(place => ((wildcards >> place) & 1) != 0 && place < 31 ? "*" : "a"), last]);

    // Over as many connections as it takes; how many were accepted, and the first refusal.
    private static (int Accepted, ErrorCommand? Refusal) Subscribe(CoreBroker broker, Func<int, string> pattern)
    {
        var before = broker.Table.Current.ClientCount;
        ErrorCommand? refusal = null;
        for (var number = 0; number < Patterns;)
        {
            var connection = broker.Connect();
            for (var sid = 1u; sid <= 16_000 && number < Patterns; sid++) connection.Send(Frames.Subscribe(sid, pattern(number++)));
            var errors = Received.Parse(connection.Socket.TakeReceived()).Errors;
            refusal ??= errors.FirstOrDefault();
        }

        return (broker.Table.Current.ClientCount - before, refusal);
    }

    private static (TimeSpan Median, TimeSpan Worst) Publish(CoreBroker broker, long count)
    {
        var publisher = broker.Connect(uid: 1);
        var times = new List<TimeSpan>();
        for (var number = -WarmUp; number < count; number++)
        {
            var frame = Frames.Publish(Subject(number), "x");
            var began = Stopwatch.GetTimestamp();
            publisher.Send(frame);
            if (number >= 0) times.Add(Stopwatch.GetElapsedTime(began));
        }

        Assert.Empty(Received.Parse(publisher.Socket.TakeReceived()).Errors);
        times.Sort();
        return (times[times.Count / 2], times[(int)(times.Count * 0.99)]);
    }

    private static string Subject(int number) => string.Concat(Enumerable.Repeat("a.", Tokens - 1)) + number;

    // As the router walks: at each node along the token and along the wildcard.
    private static int Visits(CoreBroker broker)
    {
        const ulong Seed = 0x5EED; // of CoreBroker
        var subject = Encoding.UTF8.GetBytes(Subject(1));
        var tokens = new HashedToken[HashedToken.Count(subject)];
        HashedToken.Split(subject, Seed, tokens);
        Assert.Single(broker.Table.Current.Patterns.Children.Find(tokens[0].Hash, tokens[0].Of(subject)).ToArray());
        return Visits(broker.Table.Current.Patterns, subject, tokens);
    }

    private static int Visits(PatternTree tree, ReadOnlySpan<byte> subject, ReadOnlySpan<HashedToken> rest)
    {
        if (rest.IsEmpty || tree is not PatternNode node) return 1;
        var visits = 1;
        if (node.Star is { } star) visits += Visits(star, subject, rest[1..]);
        if (node.Children.Find(rest[0].Hash, rest[0].Of(subject)) is [var child]) visits += Visits(child.Tree, subject, rest[1..]);
        return visits;
    }
}
