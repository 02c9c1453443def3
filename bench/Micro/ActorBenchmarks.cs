using Akka.Actor;
using Akka.Configuration;
using Akka.Streams;
using Akka.Streams.Dsl;
using BenchmarkDotNet.Attributes;

namespace UdsBroker.Bench.Micro;

/// <summary>What the actor runtime costs: a message to an actor, and an element over a stage of a stream.</summary>
[MemoryDiagnoser]
public class ActorBenchmarks
{
    private const int Count = 10_000;

    private static readonly object Message = new();

    private ActorSystem _system = null!;
    private ActorMaterializer _materializer = null!;
    private IActorRef _counter = null!;
    private TaskCompletionSource _done = new();

    [GlobalSetup]
    public void Setup()
    {
        _system = ActorSystem.Create("bench", ConfigurationFactory.ParseString("akka.loglevel = OFF, akka.stdout-loglevel = OFF"));
        _materializer = _system.Materializer();
        _counter = _system.ActorOf(Props.Create(() => new Counter(this)));
    }

    [GlobalCleanup]
    public void Cleanup() => _system.Terminate().Wait();

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task Tell()
    {
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < Count; i++) _counter.Tell(Message, ActorRefs.NoSender);
        await _done.Task;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public Task StreamHop() => Source.Repeat(Message).Take(Count).RunWith(Sink.Ignore<object>(), _materializer);

    private sealed class Counter : ReceiveActor
    {
        private int _left = Count;

        public Counter(ActorBenchmarks bench) => ReceiveAny(_ =>
        {
            if (--_left > 0) return;
            _left = Count;
            bench._done.SetResult();
        });
    }
}
