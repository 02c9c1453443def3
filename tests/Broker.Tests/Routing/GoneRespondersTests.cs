using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>The askers of a connection that ends without an answer are told at once; those that may still be answered are not.</summary>
public class GoneRespondersTests
{
    private readonly CoreBroker _broker = new(highWatermark: 2000, lowWatermark: 500);

    [Fact]
    public void The_end_of_a_connection_is_told_to_the_askers_of_its_open_requests_wherever_these_are()
    {
        var (asker, other, responder) = (_broker.Connect(), _broker.Connect(), _broker.Connect());
        responder.Send(Frames.Subscribe(1, "ask.*"), Frames.Subscribe(2, "later", new SubscribeOptions { Credit = 0 }));
        asker.Send(Frames.Join(Request(asker, "ask.a", 1), Request(asker, "ask.a", 2), Request(asker, "later", 3)));
        other.Send(Request(other, "ask.b", 1), Frames.Publish("ask.b", [1], "elsewhere"), Frames.Publish("ask.b", [1], $"_INBOX.{asker.Id}.9"));
        responder.Close();

        Assert.Equal(
            [$"ResponderGone ask.a _INBOX.{asker.Id}.1", $"ResponderGone ask.a _INBOX.{asker.Id}.2", $"ResponderGone later _INBOX.{asker.Id}.3"],
            Errors(asker));
        Assert.Equal([$"ResponderGone ask.b _INBOX.{other.Id}.1"], Errors(other));
    }

    [Fact]
    public void An_asker_that_was_answered_is_not_told()
    {
        var (asker, responder) = Start();
        asker.Send(Frames.Join(Enumerable.Range(1, 4).Select(i => Request(asker, "ask", i))));
        responder.Send(Frames.Join(Answer(asker, 3), Answer(asker, 1), Frames.Publish($"_INBOX.{asker.Id}.direct", "no answer")));
        responder.Send(Answer(asker, 1));
        responder.Close();

        Assert.Equal([$"ResponderGone ask _INBOX.{asker.Id}.2", $"ResponderGone ask _INBOX.{asker.Id}.4"], Errors(asker));
    }

    [Fact]
    public void A_reply_subject_of_any_length_is_remembered_and_named_whole()
    {
        var (asker, responder) = Start();
        string[] rests = ["1", "1234567890123456", "12345678901234567", "a.b.c", new('x', 211)];
        asker.Send(Frames.Join(rests.Select(rest => Frames.Publish("ask", [1], $"_INBOX.{asker.Id}.{rest}"))));
        responder.Send(Frames.Publish($"_INBOX.{asker.Id}.{rests[2]}", "answered"));
        responder.Close();

        Assert.Equal(rests.Where(rest => rest != rests[2]).Select(rest => $"ResponderGone ask _INBOX.{asker.Id}.{rest}"), Errors(asker));
    }

    [Fact]
    public void Of_a_queue_group_only_the_end_of_the_member_that_has_the_request_counts()
    {
        var asker = _broker.Connect();
        CoreConnection[] members = [Member(), Member()];
        asker.Send(Frames.Join(Enumerable.Range(1, 2).Select(i => Request(asker, "ask", i))));
        var first = members.Single(m => Received.Parse(m.Socket.Received).Deliveries.Any(d => d.Payload == "1"));
        first.Close();
        Assert.Equal([$"ResponderGone ask _INBOX.{asker.Id}.1"], Errors(asker));

        members.Single(m => m != first).Close();
        Assert.Equal([$"ResponderGone ask _INBOX.{asker.Id}.2"], Errors(asker));
    }

    [Fact]
    public void Of_several_responders_the_end_of_the_last_is_told_unless_one_has_answered()
    {
        var asker = _broker.Connect();
        CoreConnection[] responders = [Plain(), Plain(), Member()];
        asker.Send(Frames.Join(Request(asker, "ask", 1), Request(asker, "ask", 2)));
        responders[0].Close();
        responders[2].Close();
        Assert.Empty(Errors(asker));
        responders[1].Send(Answer(asker, 1));
        responders[1].Close();

        Assert.Equal([$"ResponderGone ask _INBOX.{asker.Id}.2"], Errors(asker));
    }

    [Fact]
    public void A_connection_that_is_given_a_request_twice_counts_once()
    {
        var (asker, responder) = (_broker.Connect(), _broker.Connect());
        responder.Send(
            Frames.Subscribe(1, "ask", new SubscribeOptions { Queue = "q" }), Frames.Subscribe(2, ">", new SubscribeOptions { Credit = 0 }),
            Frames.Subscribe(3, "*"));
        asker.Send(Frames.Join(Request(asker, "ask", 1), Request(asker, "ask", 2)));
        responder.Send(Answer(asker, 1));
        responder.Close();

        Assert.Equal([$"ResponderGone ask _INBOX.{asker.Id}.2"], Errors(asker));
    }

    [Fact]
    public void A_connection_that_lost_a_request_by_one_subscription_and_has_it_by_another_may_still_answer()
    {
        var (asker, responder) = (_broker.Connect(), _broker.Connect());
        responder.Send(Frames.Subscribe(1, "ask"), Frames.Subscribe(2, "*", new SubscribeOptions { Credit = 0 }));
        asker.Send(Request(asker, "ask", 1));
        responder.Send(Frames.Unsubscribe(2));
        Assert.Empty(Errors(asker));

        responder.Close();
        Assert.Equal([$"ResponderGone ask _INBOX.{asker.Id}.1"], Errors(asker));
    }

    [Fact]
    public void A_request_that_is_retained_is_remembered_too()
    {
        var (asker, responder) = Start();
        byte[] Ask(int number) => Frames.Publish("ask", "x"u8.ToArray(), $"_INBOX.{asker.Id}.{number}", [(KnownHeaders.Retain, "1")]);
        asker.Send(Ask(1), Ask(2));
        responder.Send(Answer(asker, 2));
        responder.Close();

        Assert.Equal([$"ResponderGone ask _INBOX.{asker.Id}.1"], Errors(asker));
    }

    [Fact]
    public void An_answer_from_a_connection_that_was_not_given_the_request_is_not_tracked()
    {
        var (asker, responder, other) = (_broker.Connect(), Plain(), _broker.Connect());
        asker.Send(Request(asker, "ask", 1));
        other.Send(Answer(asker, 1));
        responder.Close();

        Assert.Equal([$"ResponderGone ask _INBOX.{asker.Id}.1"], Errors(asker));
    }

    [Fact]
    public void The_recipient_of_a_direct_request_counts_as_any_other()
    {
        var (asker, friend) = (_broker.Connect(), _broker.Connect());
        asker.Send(Request(asker, $"_INBOX.{friend.Id}.direct", 1));
        friend.Close();

        Assert.Equal([$"ResponderGone _INBOX.{friend.Id}.direct _INBOX.{asker.Id}.1"], Errors(asker));
    }

    [Fact]
    public void An_asker_that_is_gone_is_told_nothing_and_one_that_asked_itself_neither()
    {
        var (asker, responder) = Start();
        asker.Send(Request(asker, "ask", 1));
        responder.Send(Request(responder, "ask", 1));
        asker.Close();
        responder.Close();

        Assert.Empty(Errors(asker));
        Assert.Equal(0, _broker.Pool.Leased);
    }

    [Fact]
    public void Beyond_the_bound_the_oldest_is_forgotten()
    {
        var (asker, responder) = Start();
        var most = _broker.OutboxLimits.MaxOpenRequests;
        for (var i = 1; i <= most + 3; i++) asker.Send(Request(asker, "ask", i));
        responder.Send(Answer(asker, 10), Answer(asker, 2));
        responder.Close();

        Assert.Equal(Enumerable.Range(4, most).Where(i => i != 10).Select(i => $"ResponderGone ask _INBOX.{asker.Id}.{i}"), Errors(asker));
    }

    [Fact]
    public void A_recipient_that_ends_before_the_next_one_is_given_the_request_is_not_taken_for_the_last()
    {
        var asker = _broker.Connect();
        CoreConnection[] responders = [Plain(), Plain()];
        var inTime = responders[0].Outbox;
        responders[1].Outbox.Drain(Frames.Goodbye("leaves"));
        asker.Send(Request(asker, "ask", 1));
        Assert.Empty(Errors(asker));
        inTime.Close();
        responders[0].Close();

        Assert.Equal([$"ResponderGone ask _INBOX.{asker.Id}.1"], Errors(asker));
    }

    private static string[] Errors(CoreConnection connection)
    {
        connection.Write();
        var errors = Received.Parse(connection.Socket.TakeReceived(), mayBeCut: connection.IsClosed).Errors;
        return [.. errors.Select(e => string.Join(' ', (string[])[$"{e.Code}", .. e.Context!.Values]))];
    }

    private static byte[] Request(CoreConnection asker, string subject, int number) => Frames.Publish(subject, [(byte)('0' + number)], $"_INBOX.{asker.Id}.{number}");

    private static byte[] Answer(CoreConnection asker, int number) => Frames.Publish($"_INBOX.{asker.Id}.{number}", "answer");

    private CoreConnection Plain()
    {
        var responder = _broker.Connect();
        responder.Send(Frames.Subscribe(1, "ask"));
        return responder;
    }

    private CoreConnection Member()
    {
        var member = _broker.Connect();
        member.Send(Frames.Subscribe(1, "ask", new SubscribeOptions { Queue = "q" }));
        return member;
    }

    private (CoreConnection Asker, CoreConnection Responder) Start() => (_broker.Connect(), Plain());
}
