using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class StageActorTests(Systems systems) : StreamTest(systems)
{
    [Fact]
    public async Task A_stage_actor_receives_messages_with_their_sender_and_can_answer()
    {
        var (stage, sink, reference) = await RunAsync();
        Assert.Equal("echo: hello", await Within(reference.Ask<string>("hello", Cancel)));
        await sink.CancelAsync();
        await stage.Signals.ExpectAsync(new Signal("message", "hello"));
    }

    [Fact]
    public async Task A_second_call_changes_the_behaviour_and_keeps_the_reference()
    {
        var (_, sink, reference) = await RunAsync();
        reference.Tell("become", ActorRefs.NoSender);
        Assert.Equal("second: hello", await Within(reference.Ask<string>("hello", Cancel)));
        await sink.CancelAsync();
    }

    [Fact]
    public async Task The_end_of_a_watched_actor_arrives_once()
    {
        var (stage, sink, reference) = await RunAsync();
        var watched = System.ActorOf(Props.Empty);
        reference.Tell(watched, ActorRefs.NoSender);
        Assert.Equal("echo: fence", await Within(reference.Ask<string>("fence", Cancel)));
        System.Stop(watched);
        await stage.Signals.ExpectAsync(new Signal("message", "fence"), new Signal("terminated", watched));
        Assert.Equal("echo: fence", await Within(reference.Ask<string>("fence", Cancel)));
        await stage.Signals.ExpectAsync(new Signal("message", "fence"));
        await sink.CancelAsync();
    }

    [Fact]
    public async Task An_actor_that_is_watched_after_its_end_is_reported_too()
    {
        var (stage, sink, reference) = await RunAsync();
        var dead = System.ActorOf(Props.Empty);
        await dead.GracefulStop(Patience);
        reference.Tell(dead, ActorRefs.NoSender);
        await stage.Signals.ExpectAsync(new Signal("terminated", dead));
        await sink.CancelAsync();
    }

    [Fact]
    public async Task A_stage_actor_ends_with_its_stage_and_its_watchers_hear_of_it()
    {
        var (_, sink, reference) = await RunAsync();
        var watcher = System.ActorOf(Props.Create(() => new Watcher()));
        var ended = watcher.Ask<string>(reference, Cancel);
        Assert.Equal("watching", await Within(watcher.Ask<string>("fence", Cancel)));
        await sink.CancelAsync();
        Assert.Equal("terminated", await Within(ended));
    }

    [Fact]
    public async Task Poison_and_kill_do_not_end_a_stage()
    {
        var (_, sink, reference) = await RunAsync();
        reference.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        reference.Tell(Kill.Instance, ActorRefs.NoSender);
        Assert.Equal("echo: still here", await Within(reference.Ask<string>("still here", Cancel)));
        await sink.CancelAsync();
    }

    [Fact]
    public async Task Without_a_stage_actor_asking_for_it_is_an_error()
    {
        var (source, _) = Run<string>();
        await Assert.ThrowsAsync<StageActorRefNotInitializedException>(() => source.DoAsync(port => _ = port.StageActor));
    }

    private async Task<(ActorStage, ManualSink<string>.Control, IActorRef)> RunAsync()
    {
        var stage = new ActorStage();
        var (reference, sink) = Source.FromGraph(stage).ToMaterialized(new ManualSink<string>(), Keep.Both).Run(Materializer);
        return (stage, sink, await Within(reference));
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher()
        {
            IActorRef asker = ActorRefs.Nobody;
            Receive<IActorRef>(subject =>
            {
                asker = Sender;
                Context.Watch(subject);
            });
            Receive<string>(_ => Sender.Tell("watching"));
            Receive<Terminated>(_ => asker.Tell("terminated"));
        }
    }

    /// <summary>A source that is only there for its actor: echoes texts, watches references.</summary>
    private sealed class ActorStage : GraphStageWithMaterializedValue<SourceShape<string>, Task<IActorRef>>
    {
        public Recorder Signals { get; } = new();

        public override SourceShape<string> Shape { get; } = new(new Outlet<string>("Actor.out"));

        public override ILogicAndMaterializedValue<Task<IActorRef>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
        {
            var logic = new Logic(this);
            return new LogicAndMaterializedValue<Task<IActorRef>>(logic, logic.Reference.Task);
        }

        private sealed class Logic : GraphStageLogic
        {
            public readonly TaskCompletionSource<IActorRef> Reference = new();
            private readonly ActorStage _stage;

            public Logic(ActorStage stage)
                : base(stage.Shape)
            {
                _stage = stage;
                SetHandler(stage.Shape.Outlet, EagerTerminateOutput);
            }

            public override void PreStart() => Reference.SetResult(GetStageActor(First).Ref);

            private void First((IActorRef Sender, object Message) args)
            {
                switch (args.Message)
                {
                    case "become":
                        Assert.Same(StageActor, GetStageActor(Second));
                        break;
                    case string text:
                        _stage.Signals.Add(new Signal("message", text));
                        args.Sender.Tell("echo: " + text, StageActor.Ref);
                        break;
                    case IActorRef subject:
                        StageActor.Watch(subject);
                        break;
                    case Terminated terminated:
                        _stage.Signals.Add(new Signal("terminated", terminated.ActorRef));
                        break;
                }
            }

            private void Second((IActorRef Sender, object Message) args) => args.Sender.Tell("second: " + args.Message, StageActor.Ref);
        }
    }
}
