using Akka.Actor;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// Tells every one of many actors once in each interval that it is over, instead of a timer in each of them. Their turns are spread over the interval,
/// so that ten thousand do not wake at one moment. Owned by their parent.
/// </summary>
/// <param name="interval">From one turn of an actor to its next.</param>
/// <param name="message">What it is told.</param>
internal sealed class Pulse(TimeSpan interval, object message)
{
    private const int MostParts = 16;

    /// <summary>What is shorter is not worth a timer, and not kept by one.</summary>
    private static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(100);

    private readonly int _parts = (int)Math.Clamp(interval / ShortestStep, 1, MostParts);
    private int _part;

    /// <summary>How often to beat.</summary>
    internal TimeSpan Step => interval / _parts;

    /// <summary>It is the next ones' turn.</summary>
    internal void Beat(IEnumerable<IActorRef> all)
    {
        _part = (_part + 1) % _parts;
        foreach (var actor in all)
        {
            if (actor.Path.Uid % _parts == _part) actor.Tell(message, ActorRefs.NoSender);
        }
    }
}
