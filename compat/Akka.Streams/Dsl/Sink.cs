using System.Collections.Immutable;
using Akka.Actor;
using Akka.Streams.Implementation;
using Akka.Streams.Implementation.Fusing;

namespace Akka.Streams.Dsl;

/// <summary>Makes sinks.</summary>
public static class Sink
{
    public static SinkShape<T> Shape<T>(string name) => new(new Inlet<T>(name + ".in"));

    public static Sink<TIn, TMat> FromGraph<TIn, TMat>(IGraph<SinkShape<TIn>, TMat> graph) =>
        graph as Sink<TIn, TMat> ?? new Sink<TIn, TMat>(graph.Module);

    /// <summary>The first element, then cancels; an empty stream fails the task with <see cref="NoSuchElementException"/>.</summary>
    public static Sink<TIn, Task<TIn>> First<TIn>() => FromGraph(new FirstSink<TIn>(failIfEmpty: true));

    public static Sink<TIn, Task<TIn>> FirstOrDefault<TIn>() => FromGraph(new FirstSink<TIn>(failIfEmpty: false));

    public static Sink<TIn, Task<TIn>> Last<TIn>() => FromGraph(new LastSink<TIn>(failIfEmpty: true));

    public static Sink<TIn, Task<TIn>> LastOrDefault<TIn>() => FromGraph(new LastSink<TIn>(failIfEmpty: false));

    public static Sink<TIn, Task<IImmutableList<TIn>>> Seq<TIn>() => FromGraph(new SeqSink<TIn>());

    public static Sink<TIn, Task<Done>> Ignore<TIn>() => FromGraph(new IgnoreSink<TIn>());

    public static Sink<TIn, NotUsed> Cancelled<TIn>() => FromGraph(new CancelSink<TIn>());

    public static Sink<TIn, Task<Done>> ForEach<TIn>(Action<TIn> action) => Flow.Create<TIn>()
        .Select(element =>
        {
            action(element);
            return NotUsed.Instance;
        })
        .ToMaterialized(Ignore<NotUsed>(), Keep.Right)
        .Named("foreachSink");

    public static Sink<TIn, Task<TOut>> Aggregate<TIn, TOut>(TOut zero, Func<TOut, TIn, TOut> aggregate) => Flow.Create<TIn>()
        .Aggregate(zero, aggregate)
        .ToMaterialized(First<TOut>(), Keep.Right)
        .Named("AggregateSink");

    /// <summary>Calls one of the two when the stream ends, the latter also when it is stopped abruptly.</summary>
    public static Sink<TIn, NotUsed> OnComplete<TIn>(Action success, Action<Exception> failure) => Flow.Create<TIn>()
        .Via(new OnCompleted<TIn>(success, failure))
        .To(Ignore<NotUsed>())
        .Named("OnCompleteSink");

    /// <summary>Tells every element to an actor, without back-pressure, and completes when the actor terminates.</summary>
    public static Sink<TIn, NotUsed> ActorRef<TIn>(IActorRef actorRef, object onCompleteMessage, Func<Exception, object> onFailureMessage) =>
        FromGraph(new ActorRefSink<TIn>(actorRef, onCompleteMessage, onFailureMessage));

    /// <summary>Tells elements to an actor one at a time: the next one when the actor has answered with the ack message.</summary>
    public static Sink<TIn, NotUsed> ActorRefWithAck<TIn>(
        IActorRef actorRef, object onInitMessage, object ackMessage, object onCompleteMessage, Func<Exception, object> onFailureMessage = null) =>
        FromGraph(new ActorRefWithAckSink<TIn>(
            actorRef, onInitMessage, ackMessage, onCompleteMessage, onFailureMessage ?? (cause => new Status.Failure(cause))));
}
