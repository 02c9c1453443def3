using System.Text;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>A request without responders and a message to a gone identity get an error at once, which names them.</summary>
public class UnreachedTests
{
    private readonly CoreBroker _broker = new();

    [Fact]
    public void A_message_with_a_reply_that_matches_nobody_is_answered_with_its_subject_and_reply_each()
    {
        var asker = _broker.Connect();
        asker.Send(Frames.Join(
            Frames.Publish("a", "plain"), Frames.Publish("a", [1], "r.1"), Frames.Publish("a", "plain"), Frames.Publish("a", [1], "r.2"),
            Frames.Publish("b", [1], "r.3"), Frames.Ping(1)));

        var told = Received.Parse(asker.Socket.Received);
        Assert.Equal(["NoResponders a r.1", "NoResponders a r.2", "NoResponders b r.3"], told.Errors.Select(Describe));
        Assert.Equal([FrameKind.Error, FrameKind.Error, FrameKind.Error, FrameKind.Pong], told.Kinds);
        Assert.Equal(new Receipt(5, 0, 0), told.Pongs[0].Receipt);
    }

    [Fact]
    public void Each_asker_of_a_request_that_is_not_routed_is_told_which_one_it_was()
    {
        var broker = new CoreBroker(delayed: new DelayBounds(0, 10_000, 1000));
        var asker = broker.Connect();
        byte[] Ask(string reply, string header, string value) => Frames.Publish("a", [1], reply, [(header, value)]);
        asker.Send(Frames.Join(
            Ask("r.1", "Udsb-Expires", "soon"), Ask("r.2", "Udsb-Expires", "soon"), Ask("", "Udsb-Expires", "soon"), Ask("", "Udsb-Expires", "soon"),
            Ask("r.3", "Udsb-Delay", "10"), Ask("r.4", "Udsb-Delay", "10"),
            Frames.Publish("$SYS.x", [1], "r.5"), Frames.Publish("_BROKER.x", [1], "r.6"), Frames.Ping(1)));

        var told = Received.Parse(asker.Socket.Received);
        Assert.Equal(
            ["BadHeader a r.1", "BadHeader a r.2", "BadHeader a", "DelayedFull a r.3", "DelayedFull a r.4", "ReservedSubject $SYS.x r.5", "NotAllowed _BROKER.x r.6"],
            told.Errors.Select(Describe));
        Assert.Equal(new Receipt(0, 0, 0), told.Pongs[0].Receipt);
    }

    [Fact]
    public void A_message_that_anybody_gets_is_not_answered_whatever_becomes_of_it_there()
    {
        var (asker, plain, member) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        plain.Send(Frames.Subscribe(1, "a", new SubscribeOptions { Credit = 0 }));
        member.Send(Frames.Subscribe(1, "b", new SubscribeOptions { Queue = "q" }));
        asker.Send(Frames.Join(Frames.Publish("a", [1], "r.1"), Frames.Publish("b", [1], "r.2"), Frames.Publish("b", [1], "r.3")));

        Assert.Empty(Received.Parse(asker.Socket.Received).Errors);
        Assert.Equal(2, Received.Parse(member.Socket.TakeReceived()).Deliveries.Count);
    }

    [Fact]
    public void Of_a_run_only_what_comes_after_the_last_maximum_is_answered()
    {
        var (asker, one, two) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        one.Send(Frames.Subscribe(1, "a"), Frames.Subscribe(2, ">"), Frames.Unsubscribe(1, 2), Frames.Unsubscribe(2, 1));
        two.Send(Frames.Subscribe(1, "a", new SubscribeOptions { Queue = "q" }), Frames.Unsubscribe(1, 3));
        asker.Send(Frames.Join(Enumerable.Range(1, 5).Select(i => Frames.Publish("a", [1], $"r.{i}"))));

        Assert.Equal(["NoResponders a r.4", "NoResponders a r.5"], Received.Parse(asker.Socket.Received).Errors.Select(Describe));
        Assert.Equal(new Receipt(5, 6, 0), asker.Account.TakeReceipt());
    }

    [Fact]
    public void A_message_to_an_inbox_that_is_gone_is_answered_once_for_each_inbox_or_with_each_reply()
    {
        var (sender, gone) = (_broker.Connect(), _broker.Connect());
        var inbox = $"_INBOX.{gone.Id}";
        gone.Close();
        sender.Send(Frames.Join(
            Frames.Publish($"{inbox}.1", "x"), Frames.Publish($"{inbox}.1", "y"), Frames.Publish($"{inbox}.2", "z"), Frames.Publish($"{inbox}.2", [1], "r.1"),
            Frames.Publish("_INBOX.nobody.x", "w"), Frames.Ping(1)));

        var told = Received.Parse(sender.Socket.Received);
        Assert.Equal(
            [$"GoneIdentity {inbox}.1", $"GoneIdentity {inbox}.2", $"GoneIdentity {inbox}.2 r.1", "GoneIdentity _INBOX.nobody.x"],
            told.Errors.Select(Describe));
        Assert.Equal(new Receipt(5, 0, 0), told.Pongs[0].Receipt);
    }

    [Fact]
    public void A_connection_that_is_leaving_is_gone_for_those_who_write_to_it()
    {
        var (sender, leaving) = (_broker.Connect(), _broker.Connect());
        leaving.Outbox.Drain(Frames.Goodbye("bye"));
        sender.Send(Frames.Publish($"_INBOX.{leaving.Id}.1", "x"));

        Assert.Equal([$"GoneIdentity _INBOX.{leaving.Id}.1"], Received.Parse(sender.Socket.Received).Errors.Select(Describe));
    }

    [Fact]
    public void Answers_to_one_connection_are_one_run_and_are_not_cached()
    {
        var (asker, responder) = (_broker.Connect(), _broker.Connect());
        responder.Send(Frames.Join(Enumerable.Range(1, 20).Select(i => Frames.Publish($"_INBOX.{asker.Id}.{i}", $"{i}"))));

        var received = Received.Parse(asker.Socket.Received);
        Assert.Equal(string.Join(' ', Enumerable.Range(1, 20).Select(i => $"0:{i}")), received.Log);
        Assert.Single(received.Kinds, FrameKind.Deliver);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("é")]
    public void Anything_well_formed_may_follow_the_identity(string rest)
    {
        var (owner, sender) = (_broker.Connect(), _broker.Connect());
        sender.Send(Frames.Publish($"_INBOX.{owner.Id}.{rest}", "x"));

        Assert.Equal("0:x", owner.Log());
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("*")]
    public void A_rest_that_breaks_the_rules_is_refused(string rest)
    {
        var (owner, sender) = (_broker.Connect(), _broker.Connect());
        sender.Send(Frames.Publish($"_INBOX.{owner.Id}.{rest}", "x"));

        Assert.Equal(ErrorCode.BadSubject, Assert.Single(Received.Parse(sender.Socket.Received).Errors).Code);
        Assert.Empty(owner.Log());
    }

    [Fact]
    public void An_inbox_whose_owner_also_subscribes_in_it_reaches_both_and_others_stay_apart()
    {
        var (owner, other, sender) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        owner.Send(Frames.Subscribe(5, $"_INBOX.{owner.Id}.special.*"));
        sender.Send(Frames.Publish($"_INBOX.{owner.Id}.special.1", "one"), Frames.Publish($"_INBOX.{owner.Id}.else", "two"), Frames.Publish($"_INBOX.{other.Id}.x", "three"));

        Assert.Equal(["0:one", "0:two", "5:one"], owner.Log().Split(' ').Order());
        Assert.Equal("0:three", other.Log());
        owner.Close();
        sender.Send(Frames.Publish($"_INBOX.{owner.Id}.special.1", "gone"));
        Assert.Equal(ErrorCode.GoneIdentity, Assert.Single(Received.Parse(sender.Socket.Received).Errors).Code);
    }

    [Fact]
    public void Looking_up_an_inbox_allocates_nothing()
    {
        var owner = _broker.Connect();
        var cache = new SubjectCache(_broker.Table, _broker.Limits, 0, access: null);
        var subjects = Enumerable.Range(0, 2000).Select(i => Encoding.UTF8.GetBytes($"_INBOX.{owner.Id}.{i}")).ToArray();
        cache.Refresh();
        Assert.NotNull(cache.Find(subjects[0]));

        Assert.Equal(0, Allocation.Least(4, _ =>
        {
            foreach (var subject in subjects) cache.Find(subject);
        }));
    }

    private static string Describe(ErrorCommand error) => string.Join(' ', (string[])[$"{error.Code}", .. error.Context!.Values]);
}
