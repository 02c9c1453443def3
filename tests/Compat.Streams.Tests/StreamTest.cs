using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace UdsBroker.Compat.Streams.Tests;

/// <summary>
/// The base of the tests. A stream under test lies between a <see cref="ManualSource{T}"/> and a <see cref="ManualSink{T}"/>, which do what the
/// test tells them and record what happens to them.
/// </summary>
public abstract class StreamTest(Systems systems)
{
    /// <summary>Long enough for any machine, short enough to see a hang.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected ActorSystem System => systems.System;

    protected ActorMaterializer Materializer { get; } = systems.System.Materializer();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A source directly before a sink.</summary>
    protected (ManualSource<T>.Control Source, ManualSink<T>.Control Sink) Run<T>() => Run(Flow.Create<T>());

    /// <summary>A flow between a source and a sink.</summary>
    protected (ManualSource<TIn>.Control Source, ManualSink<TOut>.Control Sink) Run<TIn, TOut, TMat>(IGraph<FlowShape<TIn, TOut>, TMat> flow) =>
        Source.FromGraph(new ManualSource<TIn>()).Via(flow).ToMaterialized(new ManualSink<TOut>(), Keep.Both).Run(Materializer);

    protected static Task<T> Within<T>(Task<T> task) => task.WaitAsync(Patience, Cancel);

    protected static Task Within(Task task) => task.WaitAsync(Patience, Cancel);
}
