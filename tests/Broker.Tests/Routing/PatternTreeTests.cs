using System.Text;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>
/// The tree of patterns where its shape depends on them: patterns that are alone from some token on, that are not any more, and that are again; ends too long
/// to lie in an entry; trees that are deep or wide; tokens whose hashes are equal. Each is held against the plain definition of a match.
/// </summary>
public sealed class PatternTreeTests
{
    private const ulong Seed = 7;

    // At a length of 19 bytes, and around it, the end of a pattern no longer lies in its entry.
    private static readonly string[] Tokens =
        ["a", "b", "*", "a-token-of-18-byte", "a-token-of-19-bytes", "a-token-of-20-bytes-", "a-token-of-more-than-twenty-bytes"];

    private readonly Subscriptions _subscriptions = new();

    [Fact]
    public void It_has_the_same_shape_whatever_was_added_and_removed_and_matches_what_the_definition_matches()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var snapshot = RoutingSnapshot.Empty(Seed);
            var live = new List<Subscription>();
            for (var step = 0; step < 80; step++)
            {
                var isAdded = live.Count == 0 || random.Next(9) < 5;
                var changed = isAdded ? _subscriptions.To(RandomPattern(random)) : live[random.Next(live.Count)];
                if (isAdded) live.Add(changed);
                else live.Remove(changed);
                snapshot = isAdded ? snapshot.With(changed) : snapshot.Without(changed);

                if (step % 8 != 0) continue;
                Assert.Equal(Shape(Snapshot(live).Patterns), Shape(snapshot.Patterns));
                for (var i = 0; i < 10; i++) AssertMatches(snapshot, live, RandomPattern(random).Replace("*", "z").Replace(">", "z"));
            }

            foreach (var subscription in live) snapshot = snapshot.Without(subscription);
            Assert.Equal("[]", Shape(snapshot.Patterns));
            Assert.Equal(0, snapshot.Count);
        }
    }

    [Fact]
    public void Recipients_come_in_the_order_of_tails_wildcards_and_tokens_and_of_their_subscriptions()
    {
        string[] patterns = ["a.b.c", "a.b.c", "a.b.*", "a.*.c", "a.>", "a.>", "*.b.c", ">", "a.b.>", "a.b.c"];
        var subscriptions = patterns.Select(_subscriptions.To).ToArray();

        var matches = Match(Snapshot(subscriptions), "a.b.c");

        Assert.Equal([8u, 7, 5, 6, 4, 9, 3, 1, 2, 10], matches.Select(subscription => subscription.Sid));
    }

    [Fact]
    public void A_deep_tree_of_patterns_that_differ_in_their_last_token_alone_folds_to_one_leaf()
    {
        var path = string.Join('.', Enumerable.Repeat("x", 31));
        var subscriptions = new[] { "y", "z", "*", ">" }.Select(last => _subscriptions.To($"{path}.{last}")).ToArray();
        var snapshot = Snapshot(subscriptions);

        Assert.Equal([4u, 3, 1], Match(snapshot, $"{path}.y").Select(subscription => subscription.Sid));
        foreach (var subscription in subscriptions[1..]) snapshot = snapshot.Without(subscription);

        Assert.Equal($"[({path}.y:1)]", Shape(snapshot.Patterns));
        Assert.Equal([1u], Match(snapshot, $"{path}.y").Select(subscription => subscription.Sid));
        Assert.Empty(Match(snapshot, $"{path}.z"));
    }

    [Fact]
    public void A_wide_tree_finds_each_of_its_patterns_and_none_that_was_removed()
    {
        const int Patterns = 20_000;
        var subscriptions = Enumerable.Range(0, Patterns).Select(i => _subscriptions.To($"app.{i / 7}.{i % 7}.{(i % 3 == 0 ? "*" : "created")}")).ToArray();
        var snapshot = Snapshot(subscriptions);
        for (var i = 0; i < Patterns; i += 2) snapshot = snapshot.Without(subscriptions[i]);

        for (var i = 0; i < Patterns; i++)
            Assert.Equal(i % 2 == 0 ? [] : [subscriptions[i]], Match(snapshot, $"app.{i / 7}.{i % 7}.created"));
        for (var i = 1; i < Patterns; i += 2) snapshot = snapshot.Without(subscriptions[i]);
        Assert.Equal("[]", Shape(snapshot.Patterns));
    }

    [Fact]
    public void Tokens_whose_hashes_are_equal_stay_apart_at_every_depth()
    {
        var pairs = CollidingTokens().Take(4).ToArray();
        Assert.NotEmpty(pairs);
        foreach (var (one, other) in pairs)
        {
            string[] patterns =
            [
                $"{one}.a", $"{other}.a", $"{one}.b", $"x.{one}", $"x.{other}", $"x.{one}.>", $"x.*.{other}",
                $"x.{other}.{one}", $"x.{other}.{one}", $"*.{one}.{other}.{one}", $"{other}.{one}",
            ];
            var live = patterns.Select(_subscriptions.To).ToList();
            var snapshot = Snapshot(live);
            while (live.Count > 0)
            {
                foreach (var pattern in patterns) AssertMatches(snapshot, live, pattern.Replace("*", one).Replace(">", other));
                foreach (var pattern in patterns) AssertMatches(snapshot, live, pattern.Replace("*", other).Replace(one, other));
                snapshot = snapshot.Without(live[live.Count / 2]);
                live.RemoveAt(live.Count / 2);
            }

            Assert.Equal("[]", Shape(snapshot.Patterns));
        }
    }

    // Of so many tokens some have the same hash of 32 bits.
    private static IEnumerable<(string One, string Other)> CollidingTokens()
    {
        var byHash = new Dictionary<uint, string>();
        for (var i = 0; i < 400_000; i++)
        {
            var token = $"token-{i}";
            var hash = TokenHash.Of(Encoding.UTF8.GetBytes(token), Seed);
            if (!byHash.TryAdd(hash, token)) yield return (byHash[hash], token);
        }
    }

    private static void AssertMatches(RoutingSnapshot snapshot, IEnumerable<Subscription> live, string subject)
    {
        var expected = live.Where(subscription => PatternOf(subscription).Matches(Encoding.UTF8.GetBytes(subject))).Select(subscription => subscription.Sid);
        Assert.Equal(expected.Order(), Match(snapshot, subject).Select(subscription => subscription.Sid).Order());
    }

    private static SubjectPattern PatternOf(Subscription subscription) => SubjectPattern.Parse(Encoding.UTF8.GetString(subscription.Pattern.Span));

    private static List<Subscription> Match(RoutingSnapshot snapshot, string subject)
    {
        var matches = new List<Subscription>();
        snapshot.Match(Encoding.UTF8.GetBytes(subject), matches);
        return matches;
    }

    // Nodes in brackets, leaves in parentheses with the ends of their patterns, subscriptions by their sids.
    private static string Shape(PatternTree tree) => tree switch
    {
        PatternLeaf leaf => $"({Encoding.UTF8.GetString(leaf.Rest.Span)}:{Sids(leaf.Subscriptions)})",
        PatternNode node => $"{Encoding.UTF8.GetString(node.Token)}[{string.Join(' ', Parts(node))}]",
        _ => throw new InvalidOperationException("There are nodes and leaves only."),
    };

    private static IEnumerable<string> Parts(PatternNode node)
    {
        if (!node.Here.IsEmpty) yield return $"here:{Sids(node.Here)}";
        if (!node.Tail.IsEmpty) yield return $"tail:{Sids(node.Tail)}";
        if (node.Star is { } star) yield return Shape(star);
        foreach (var child in node.Children.Entries.Select(entry => Shape(entry.Tree)).Order()) yield return child;
    }

    private static string Sids(SubscriptionList subscriptions)
    {
        var all = new List<Subscription>();
        subscriptions.AddTo(all);
        return string.Join(',', all.Select(subscription => subscription.Sid));
    }

    private static RoutingSnapshot Snapshot(IEnumerable<Subscription> subscriptions) =>
        subscriptions.Aggregate(RoutingSnapshot.Empty(Seed), (snapshot, subscription) => snapshot.With(subscription));

    private static string RandomPattern(Random random) => Subscriptions.RandomPattern(random, Tokens, max: 5);
}
