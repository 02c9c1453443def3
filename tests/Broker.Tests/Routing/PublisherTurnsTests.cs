using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Routing;

/// <summary>What the stage of a publisher is told to do next, and what remains when a publisher ends.</summary>
public sealed class PublisherTurnsTests
{
    private readonly CoreBroker _broker = new(bound: new PendingBound(100, 1000));
    private readonly CoreConnection _subscriber;
    private readonly CoreConnection _publisher;
    private readonly InboundBuffer _buffer;
    private readonly PublisherTurns _turns;
    private int _opened;

    public PublisherTurnsTests()
    {
        (_subscriber, _publisher) = (_broker.Connect(), _broker.Connect());
        _subscriber.Send(Frames.Subscribe(1, "s", new SubscribeOptions { Credit = 0 }));
        _buffer = new InboundBuffer(_broker.Pool);
        _turns = new PublisherTurns(_publisher.Router, _publisher.Outbox, CoreConnection.StallTimeout, () => () => _opened++);
    }

    [Fact]
    public void A_publisher_that_need_not_wait_is_read_on()
    {
        Assert.Equal(PublisherStep.Read, Take(Frames.Publish("nobody's", "1")));
        Assert.True(_turns.HasReadAll);
        Assert.False(_turns.IsWatching);
    }

    [Fact]
    public void Bytes_after_control_frames_are_processed_when_those_have_taken_effect()
    {
        Assert.Equal(PublisherStep.Handle, Take(Frames.Subscribe(1, "a"), Frames.Ping(7)));
        Assert.Equal(FrameKind.Subscribe, Assert.Single(_turns.Control!.Frames).Kind);
        Assert.Equal(PublisherStep.Wait, _turns.Next());
        Assert.Empty(Received.Parse(_publisher.Socket.Received).Pongs);

        _turns.Handled();
        Assert.Equal(PublisherStep.Read, _turns.Next());
        Assert.Equal(7ul, Assert.Single(Received.Parse(_publisher.Socket.Received).Pongs).Token);
    }

    [Fact]
    public void Control_frames_are_handled_while_a_recipient_is_waited_for_and_bytes_after_them_wait_for_both()
    {
        Assert.Equal(PublisherStep.Handle, Take(Frames.Publish("s", "1"), Frames.Subscribe(1, "a"), Frames.Ping(7)));
        Assert.True(_turns.IsWatching);
        _turns.Handled();
        Assert.Equal(PublisherStep.Wait, _turns.Next());

        _subscriber.Send(Frames.Credit(1, 1));
        Assert.Equal(1, _opened);
        _turns.GateOpened();
        Assert.False(_turns.IsWatching);
        Assert.Equal(PublisherStep.Read, _turns.Next());
        Assert.Single(Received.Parse(_publisher.Socket.Received).Pongs);
    }

    [Fact]
    public void A_violation_is_reported_once_and_nothing_is_done_after_it()
    {
        Assert.Equal(PublisherStep.Refuse, Take([0xC1]));
        Assert.Equal(CloseReason.Violation, _publisher.Router.Refused!.Reason);
        Assert.Equal(PublisherStep.Wait, Take(Frames.Ping(7)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_publisher_that_ends_leaves_no_more_than_the_bound_behind(bool isRefused)
    {
        byte[][] messages = [.. Enumerable.Range(0, 20).Select(i => Frames.Publish("s", $"message {i}"))];
        Take(isRefused ? [.. messages, [0xC1]] : messages);
        Assert.NotNull(_subscriber.LastSubscription!.Backlog);
        Assert.Equal(20, _subscriber.LastSubscription.Backlog.Messages);

        _turns.End();
        Assert.InRange(_subscriber.LastSubscription.Backlog.Bytes, 1, 100);
        _subscriber.Send(Frames.Credit(1, 20));
        Assert.EndsWith("1:message 19", _subscriber.Log(), StringComparison.Ordinal);
        Assert.Equal(0, _opened);
    }

    private PublisherStep Take(params byte[][] frames)
    {
        var bytes = Frames.Join(frames);
        bytes.CopyTo(_buffer.FreeSpace());
        _buffer.Filled(bytes.Length);
        _turns.Arrived(_buffer);
        return _turns.Next();
    }
}
