using Akka.Actor;
using Akka.Configuration;
using UdsBroker.Broker.Streams;

namespace UdsBroker.Broker.Tests.Streams;

/// <summary>The thread that brings the news does the work, and what that wakes, up to a bound; everything else goes to the pool.</summary>
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
    public async Task What_an_offer_wakes_and_what_that_wakes_has_run_on_the_offered_thread_when_it_returns()
    {
        var order = new List<string>();
        var woken = Start(_ => order.Add($"woken {IsOffered()}"));
        var actor = Start(message =>
        {
            order.Add($"{message} {IsOffered()}");
            if (message is "first") woken.Tell("you too");
        });

        await OnThreadOfItsOwn(
            () =>
            {
                InPlaceExecutor.Offer(() =>
                {
                    actor.Tell("first");
                    actor.Tell("second");
                });
                order.Add("returned");
            },
            actor,
            woken);

        Assert.Equal(["first True", "woken True", "second True", "returned"], order);
    }

    [Fact]
    public async Task A_turn_without_end_is_cut_and_goes_on_elsewhere()
    {
        var elsewhere = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = 0;
        IActorRef again = null!;
        again = Start(message =>
        {
            if (IsOffered()) runs++;
            else elsewhere.TrySetResult(runs);
            if (!elsewhere.Task.IsCompleted) again.Tell(message);
        });

        await OnThreadOfItsOwn(() => InPlaceExecutor.Offer(() => again.Tell("again")), again);

        Assert.InRange(await elsewhere.Task.WaitAsync(Hang, TestContext.Current.CancellationToken), 2, 100);
    }

    [Fact]
    public async Task An_offer_within_a_turn_is_a_part_of_it()
    {
        var order = new List<string>();
        var inner = Start(message => order.Add($"{message} {IsOffered()}"));
        var outer = Start(message =>
        {
            InPlaceExecutor.Offer(() => inner.Tell("inner"));
            order.Add($"{message} {IsOffered()}");
        });

        await OnThreadOfItsOwn(() => InPlaceExecutor.Offer(() => outer.Tell("outer")), inner, outer);

        Assert.Equal(["outer True", "inner True"], order);
    }

    [Fact]
    public async Task An_offer_is_over_when_it_returns()
    {
        var ran = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Start(_ => ran.TrySetResult(IsOffered()));

        await OnThreadOfItsOwn(
            () =>
            {
                InPlaceExecutor.Offer(() => { });
                actor.Tell("later");
            },
            actor);

        Assert.False(await ran.Task.WaitAsync(Hang, TestContext.Current.CancellationToken));
    }

    private static bool IsOffered() => Thread.CurrentThread.Name == "offered";

    // With actors that no thread of the pool is about to leave: the last message of each was taken here, in an offer that has returned.
    private static Task OnThreadOfItsOwn(Action work, params IActorRef[] actors)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            foreach (var actor in actors)
            {
                TaskCompletionSource<bool> probe;
                do
                {
                    probe = new TaskCompletionSource<bool>();
                    InPlaceExecutor.Offer(() => actor.Tell(probe));
                }
                while (!probe.Task.Result);
            }

            work();
            done.SetResult();
        }) { Name = "offered" }.Start();
        return done.Task.WaitAsync(Hang, TestContext.Current.CancellationToken);
    }

    private IActorRef Start(Action<object> receive) => _system.ActorOf(Props.Create(() => new Receiver(receive)).WithDispatcher("here"));

    private sealed class Receiver : ReceiveActor
    {
        public Receiver(Action<object> receive)
        {
            Receive<TaskCompletionSource<bool>>(probe => probe.SetResult(IsOffered()));
            ReceiveAny(receive);
        }
    }
}
