using Akka.Actor;
using Akka.Configuration;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Tests.Streams;

/// <summary>The polling thread runs the stream that its event wakes, once; everything else goes to the pool.</summary>
public sealed class InPlaceExecutorTests : IAsyncLifetime
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly ActorSystem _system = ActorSystem.Create("test", ConfigurationFactory.ParseString($$"""
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        here { type = Dispatcher, executor = "{{typeof(InPlaceExecutor).AssemblyQualifiedName!.Split(", Version")[0]}}", throughput = 1 }
        """));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _system.Terminate();

    [Fact]
    public async Task An_offered_thread_runs_the_actor_before_the_offer_returns()
    {
        Thread? ran = null;
        var actor = Start(_ => Volatile.Write(ref ran, Thread.CurrentThread));
        for (var isHere = false; !isHere;)
        {
            // The actor may not have left the thread of its last message yet; that message is then on its way there.
            await actor.Ask<string>("are you there", Hang, TestContext.Current.CancellationToken);
            Volatile.Write(ref ran, null);
            InPlaceExecutor.Offer(() => actor.Tell("now"));
            isHere = Volatile.Read(ref ran) == Thread.CurrentThread;
        }
    }

    [Fact]
    public async Task What_the_actor_wakes_in_turn_and_what_exceeds_its_throughput_runs_elsewhere()
    {
        var other = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        var woken = Start(_ => other.TrySetResult(Thread.CurrentThread));
        var actor = Start(message =>
        {
            if (message is "first") woken.Tell("you too");
            else second.TrySetResult(Thread.CurrentThread);
        });

        Thread? offering = null;
        var thread = new Thread(() =>
        {
            offering = Thread.CurrentThread;
            InPlaceExecutor.Offer(() =>
            {
                actor.Tell("first");
                actor.Tell("second");
            });
        });
        thread.Start();
        Assert.NotSame(thread, await other.Task.WaitAsync(Hang, TestContext.Current.CancellationToken));
        Assert.NotSame(thread, await second.Task.WaitAsync(Hang, TestContext.Current.CancellationToken));
        thread.Join();
        Assert.Same(thread, offering);
    }

    [Fact]
    public async Task An_offer_that_nobody_takes_is_over_when_it_returns()
    {
        var ran = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Start(_ => ran.TrySetResult(Thread.CurrentThread));
        var thread = new Thread(() =>
        {
            InPlaceExecutor.Offer(() => { });
            actor.Tell("later");
        });
        thread.Start();
        Assert.NotSame(thread, await ran.Task.WaitAsync(Hang, TestContext.Current.CancellationToken));
        thread.Join();
    }

    private IActorRef Start(Action<object> receive) => _system.ActorOf(Props.Create(() => new Receiver(receive)).WithDispatcher("here"));

    private sealed class Receiver : ReceiveActor
    {
        public Receiver(Action<object> receive)
        {
            ReceiveAny(message =>
            {
                receive(message);
                Sender.Tell("done");
            });
        }
    }
}
