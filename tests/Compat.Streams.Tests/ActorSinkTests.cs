using System.Threading.Channels;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class ActorSinkTests(Systems systems) : StreamTest(systems)
{
    private readonly InvalidOperationException _trouble = new("trouble");
    private readonly Channel<(object Message, IActorRef Sender)> _received = Channel.CreateUnbounded<(object, IActorRef)>();

    [Fact]
    public async Task An_actor_gets_every_element_and_the_end()
    {
        Source.From(["a", "b"]).RunWith(Sink.ActorRef<string>(Receiver(), "done", cause => cause), Materializer);
        Assert.Equal("a", (await NextAsync()).Message);
        Assert.Equal("b", (await NextAsync()).Message);
        Assert.Equal("done", (await NextAsync()).Message);
        Source.Failed<string>(_trouble).RunWith(Sink.ActorRef<string>(Receiver(), "done", cause => cause), Materializer);
        Assert.Same(_trouble, (await NextAsync()).Message);
    }

    [Fact]
    public async Task When_the_actor_ends_the_stream_is_cancelled()
    {
        var receiver = Receiver();
        var source = Source.FromGraph(new ManualSource<string>()).To(Sink.ActorRef<string>(receiver, "done", cause => cause)).Run(Materializer);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
        System.Stop(receiver);
        await source.Signals.ExpectAsync(Signal.Cancel(SubscriptionWithCancelException.StageWasCompleted.Instance), Signal.PostStop);
    }

    [Fact]
    public async Task With_acknowledgement_the_next_element_comes_when_the_one_before_was_acknowledged()
    {
        var source = Source.FromGraph(new ManualSource<string>())
            .To(Sink.ActorRefWithAck<string>(Receiver(), "init", Ack.Instance, "done", cause => cause))
            .Run(Materializer);
        var (init, stage) = await NextAsync();
        Assert.Equal("init", init);
        await source.PushAsync("a");
        await source.PushAsync("b");
        await source.CompleteAsync();
        Assert.False(_received.Reader.TryPeek(out _));
        foreach (var element in (string[])["a", "b"])
        {
            stage.Tell(Ack.Instance, ActorRefs.NoSender);
            Assert.Equal(element, (await NextAsync()).Message);
            await Task.Yield();
        }

        Assert.Equal("done", (await NextAsync()).Message);
    }

    private async Task<(object Message, IActorRef Sender)> NextAsync() => await Within(_received.Reader.ReadAsync(Cancel).AsTask());

    private IActorRef Receiver() => System.ActorOf(Props.Create(() => new ReceivingActor(_received.Writer)));

    private sealed class Ack
    {
        public static readonly Ack Instance = new();
    }

    private sealed class ReceivingActor : ReceiveActor
    {
        public ReceivingActor(ChannelWriter<(object, IActorRef)> received) => ReceiveAny(message => received.TryWrite((message, Sender)));
    }
}
