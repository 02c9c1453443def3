using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace UdsBroker.Compat.Actors.Tests;

/// <summary>A dispatcher may be given an executor by the name of its type.</summary>
public sealed class ExecutorTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_dispatcher_runs_its_actors_on_the_executor_that_its_section_names()
    {
        var system = Create(typeof(CountingExecutor).AssemblyQualifiedName!);
        try
        {
            var before = CountingExecutor.Executed;
            var actor = system.ActorOf(Props.Create(() => new Echo()).WithDispatcher("own"));
            Assert.Equal("hello", await actor.Ask<string>("hello", Hang, TestContext.Current.CancellationToken));
            Assert.True(CountingExecutor.Executed > before);
            Assert.Equal("own", CountingExecutor.LastId);
            Assert.Equal(7, CountingExecutor.LastThroughput);
        }
        finally
        {
            await system.Terminate();
        }
    }

    [Fact]
    public async Task A_type_that_is_not_there_is_a_configuration_error()
    {
        var system = Create("Nobody.Knows, Nowhere");
        try
        {
            Assert.ThrowsAny<Exception>(() => system.ActorOf(Props.Create(() => new Echo()).WithDispatcher("own")));
        }
        finally
        {
            await system.Terminate();
        }
    }

    private static ActorSystem Create(string executor) => ActorSystem.Create("test", ConfigurationFactory.ParseString(
        $"akka.loglevel = OFF, akka.stdout-loglevel = OFF, own {{ type = Dispatcher, executor = \"{executor}\", throughput = 7 }}"));

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    /// <summary>The thread pool, counted.</summary>
    public sealed class CountingExecutor(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
    {
        private static int _executed;

        public static int Executed => Volatile.Read(ref _executed);

        public static string? LastId { get; private set; }

        public static int LastThroughput { get; private set; }

        public override ExecutorService Produce(string id)
        {
            Assert.NotNull(Prerequisites.Settings);
            LastThroughput = Config.GetInt("throughput");
            return new Service(id);
        }

        private sealed class Service : ExecutorService
        {
            public Service(string id)
                : base(id) => LastId = id;

            public override void Execute(IRunnable run)
            {
                Interlocked.Increment(ref _executed);
                ThreadPool.UnsafeQueueUserWorkItem(static work => work.Run(), run, preferLocal: false);
            }

            public override void Shutdown()
            {
            }
        }
    }
}
