using System.Text;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>Which watched subjects change their interest with a change of subscriptions, and who is told what.</summary>
public class InterestTableTests
{
    private readonly CoreBroker _broker = new();
    private readonly InterestTable _table = new();
    private readonly List<Subscription> _living = [];
    private readonly Outbox _outbox;
    private uint _lastSid;

    public InterestTableTests() => _outbox = _broker.Connect().Outbox;

    [Fact]
    public void A_new_watcher_is_told_the_number_and_all_watchers_only_the_changes()
    {
        Assert.Equal("jobs:0 to 1", Begin("$SYS.interest.jobs"));
        Assert.Equal("jobs:1 to all", Begin("jobs"));
        Assert.Equal("", Begin("jobs"));
        Assert.Equal("jobs:2 to 5", Begin("$SYS.interest.jobs", sid: 5));
        Assert.Equal("", End("jobs"));
        Assert.Equal("jobs:0 to all", End("jobs"));
    }

    [Theory]
    [InlineData("*", "jobs", true)]
    [InlineData(">", "jobs", true)]
    [InlineData("jobs.>", "jobs", false)]
    [InlineData("*.new", "jobs.new", true)]
    [InlineData(">", "$SYS.stats", false)]
    [InlineData("$SYS.>", "$SYS.stats", true)]
    public void A_pattern_counts_as_it_matches(string pattern, string subject, bool isInterest)
    {
        Begin($"$SYS.interest.{subject}");

        Assert.Equal(isInterest ? $"{subject}:1 to all" : "", Begin(pattern));
    }

    [Fact]
    public void A_change_and_its_reversal_in_one_batch_are_not_announced()
    {
        Begin("$SYS.interest.jobs");
        var subscription = New("jobs", 9);

        Assert.Equal("", Apply(new RoutingChange(subscription, Begins: true), new RoutingChange(subscription, Begins: false)));
    }

    [Fact]
    public void A_watcher_that_begins_together_with_a_change_is_told_with_the_others()
    {
        Begin("$SYS.interest.jobs");

        Assert.Equal("jobs:1 to all", Apply(new RoutingChange(New("$SYS.interest.jobs", 7), Begins: true), new RoutingChange(New("jobs", 8), Begins: true)));
    }

    [Fact]
    public void Nobody_is_told_after_the_last_watcher_has_left_and_a_new_one_starts_afresh()
    {
        Begin("$SYS.interest.jobs");
        Assert.Equal("", End("$SYS.interest.jobs"));
        Assert.Equal("", Begin("jobs"));
        Assert.Equal("jobs:1 to 3", Begin("$SYS.interest.jobs", sid: 3));
    }

    [Fact]
    public void Of_two_watchers_the_one_that_stays_is_told_after_the_other_has_left()
    {
        Begin("$SYS.interest.jobs", sid: 3);
        Begin("$SYS.interest.jobs", sid: 4);
        Assert.Equal("", End("$SYS.interest.jobs"));
        Assert.Equal("jobs:1 to all", Begin("jobs"));
    }

    [Fact]
    public void A_watcher_that_begins_and_ends_in_one_batch_is_told_nothing()
    {
        Begin("$SYS.interest.jobs", sid: 3);
        var brief = New("$SYS.interest.jobs", 4);

        Assert.Equal("", Apply(new RoutingChange(brief, Begins: true), new RoutingChange(brief, Begins: false)));
    }

    [Fact]
    public void Members_of_a_queue_group_are_told_of_changes_only()
    {
        Assert.Equal("", Begin("$SYS.interest.jobs", new SubscribeOptions { Queue = "q" }));
        Assert.Equal("jobs:1 to all", Begin("jobs"));
    }

    [Fact]
    public void Patterns_that_are_compared_with_many_watched_subjects_leave_others_their_turns()
    {
        const int Watched = 2 * SubscriptionChanges.MaxPerTurn;
        _broker.Apply([.. Enumerable.Range(1, Watched).Select(i => new RoutingChange(New($"$SYS.interest.x.{i}", (uint)i), Begins: true))]);
        RoutingChange[] Batch(string pattern) => [.. Enumerable.Range(1, 10).Select(i => new RoutingChange(New(pattern, (uint)(Watched + i)), Begins: true))];

        Assert.Equal(10, _broker.Changes.Apply(Batch("x.1")));
        var wildcards = Batch("x.*.y");
        Assert.Equal([2, 4, 6, 8, 10], Enumerable.Range(0, 5).Select(turn => _broker.Changes.Apply(wildcards, 2 * turn)));
    }

    private string Begin(string pattern, SubscribeOptions? options = null, uint sid = 0) =>
        Apply(new RoutingChange(New(pattern, sid == 0 ? ++_lastSid : sid, options), Begins: true));

    private string End(string pattern) => Apply(new RoutingChange(_living.Last(subscription => Encoding.UTF8.GetString(subscription.Pattern.Span) == pattern), Begins: false));

    private Subscription New(string pattern, uint sid, SubscribeOptions? options = null) =>
        new(_outbox, sid, Encoding.UTF8.GetBytes(pattern), options ?? SubscribeOptions.None, _broker.Bound);

    // What is told, as "subject:number to sids" or "to all".
    private string Apply(params RoutingChange[] changes)
    {
        foreach (var change in changes)
        {
            if (change.Begins) _living.Add(change.Subscription);
            else _living.Remove(change.Subscription);
            _table.Apply(change);
        }

        _broker.Apply(changes);
        return string.Join(' ', _table.TakeChanges(_broker.Table.Current).Select(change =>
            $"{Encoding.UTF8.GetString(change.Subject)}:{change.Subscribers} to "
            + (change.ForAllWatchers ? "all" : string.Join(',', change.NewWatchers.Select(watcher => watcher.Sid)))));
    }
}
