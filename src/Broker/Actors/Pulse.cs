using Akka.Actor;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Sends a tick to each of many actors once per interval, in place of a timer in each of them. The ticks are spread over the interval, so
/// that ten thousand actors do not wake at the same moment. Owned by their parent.
/// </summary>
/// <param name="interval">The time between two ticks of an actor.</param>
/// <param name="message">The tick.</param>
internal sealed class Pulse(TimeSpan interval, object message)
{
    private const int MaxParts = 16;

    /// <summary>The shortest timer interval that is worth its cost and that a timer keeps.</summary>
    private static readonly TimeSpan MinStep = TimeSpan.FromMilliseconds(100);

    private readonly int _parts = (int)Math.Clamp(interval / MinStep, 1, MaxParts);
    private int _part;

    /// <summary>The time between two calls of <see cref="Beat"/>.</summary>
    internal TimeSpan Step => interval / _parts;

    /// <summary>Sends the tick to the actors whose turn it is.</summary>
    internal void Beat(IEnumerable<IActorRef> all)
    {
        _part = (_part + 1) % _parts;
        foreach (var actor in all)
        {
            if (actor.Path.Uid % _parts == _part) actor.Tell(message, ActorRefs.NoSender);
        }
    }
}
