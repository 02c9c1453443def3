using Akka.Actor;

namespace Akka.Streams.Implementation;

/// <summary>The parent of the actors that run the streams of a materializer. A failing child is stopped; nothing is ever restarted.</summary>
internal sealed class StreamSupervisor : ActorBase
{
    private static long _next = -1;

    private readonly Lifetime _lifetime;

    private StreamSupervisor(Lifetime lifetime) => _lifetime = lifetime;

    public static string NextName() => $"StreamSupervisor-{Interlocked.Increment(ref _next)}";

    public static Props Props(Lifetime lifetime) => Actor.Props.CreateBy(lifetime);

    protected override SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.StoppingStrategy;

    protected override bool Receive(object message) => false;

    protected override void PostStop() => _lifetime.HasEnded = true;

    /// <summary>Whether a materializer has been shut down; makes its supervisor, too.</summary>
    public sealed class Lifetime : IIndirectActorProducer
    {
        private volatile bool _hasEnded;

        public bool HasEnded
        {
            get => _hasEnded;
            set => _hasEnded = value;
        }

        public Type ActorType => typeof(StreamSupervisor);

        public ActorBase Produce() => new StreamSupervisor(this);

        public void Release(ActorBase actor)
        {
        }
    }
}
