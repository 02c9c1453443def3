using Akka.Streams.Implementation;
using Akka.Streams.Implementation.Fusing;

namespace Akka.Streams.Dsl;

/// <summary>A graph with one open input and one open output. What is added to <see cref="Flow.Create{T}"/> replaces it.</summary>
public sealed class Flow<TIn, TOut, TMat> : IFlow<TOut, TMat>, IGraph<FlowShape<TIn, TOut>, TMat>
{
    private FlowShape<TIn, TOut> _shape;

    internal Flow(IModule module) => Module = module;

    public FlowShape<TIn, TOut> Shape => _shape ??= Module.Shape as FlowShape<TIn, TOut>
        ?? new FlowShape<TIn, TOut>((Inlet<TIn>)Module.Shape.Inlets[0], (Outlet<TOut>)Module.Shape.Outlets[0]);

    public IModule Module { get; }

    private bool IsIdentity => Module == Identity<TIn>.EmptyFlow;

    public Flow<TIn, T2, TMat> Via<T2, TMat2>(IGraph<FlowShape<TOut, T2>, TMat2> flow) => IsIdentity
        ? new(new TransformModule<TMat2, NotUsed>(flow.Module, static _ => NotUsed.Instance))
        : new(new CompositeModule<TMat, TMat2, TMat>(Module, flow.Module, Wire.FlowTo, combine: null));

    public Flow<TIn, TOut2, TMat3> ViaMaterialized<TOut2, TMat2, TMat3>(
        IGraph<FlowShape<TOut, TOut2>, TMat2> flow, Func<TMat, TMat2, TMat3> combine) => IsIdentity
        ? new(new TransformModule<TMat2, TMat3>(flow.Module, mat => combine((TMat)(object)NotUsed.Instance, mat)))
        : new(new CompositeModule<TMat, TMat2, TMat3>(Module, flow.Module, Wire.FlowTo, combine));

    public Sink<TIn, TMat> To<TMat2>(IGraph<SinkShape<TOut>, TMat2> sink) => ToMaterialized(sink, Keep.Left);

    public Sink<TIn, TMat3> ToMaterialized<TMat2, TMat3>(IGraph<SinkShape<TOut>, TMat2> sink, Func<TMat, TMat2, TMat3> combine) => IsIdentity
        ? new(new TransformModule<TMat2, TMat3>(sink.Module, mat => combine((TMat)(object)NotUsed.Instance, mat)))
        : new(new CompositeModule<TMat, TMat2, TMat3>(Module, sink.Module, Wire.FlowTo, combine));

    /// <summary>Closes this flow into a ring with another one.</summary>
    public IRunnableGraph<TMat> Join<TMat2>(IGraph<FlowShape<TOut, TIn>, TMat2> flow) => JoinMaterialized(flow, Keep.Left);

    public IRunnableGraph<TMat3> JoinMaterialized<TMat2, TMat3>(IGraph<FlowShape<TOut, TIn>, TMat2> flow, Func<TMat, TMat2, TMat3> combine) =>
        new RunnableGraph<TMat3>(new CompositeModule<TMat, TMat2, TMat3>(Module, flow.Module, Wire.Ring, combine));

    /// <summary>Closes one side of a bidi graph with this flow; the other side is then a flow.</summary>
    public Flow<TIn2, TOut2, TMat> Join<TIn2, TOut2, TMat2>(IGraph<BidiShape<TOut, TOut2, TIn2, TIn>, TMat2> bidi) =>
        JoinMaterialized(bidi, Keep.Left);

    public Flow<TIn2, TOut2, TMatRes> JoinMaterialized<TIn2, TOut2, TMat2, TMatRes>(
        IGraph<BidiShape<TOut, TOut2, TIn2, TIn>, TMat2> bidi, Func<TMat, TMat2, TMatRes> combine) =>
        new(new CompositeModule<TMat, TMat2, TMatRes>(Module, bidi.Module, Wire.FlowIntoBidi, combine));

    public (TMat1, TMat2) RunWith<TMat1, TMat2>(
        IGraph<SourceShape<TIn>, TMat1> source, IGraph<SinkShape<TOut>, TMat2> sink, IMaterializer materializer) =>
        Source.FromGraph(source).Via(this).ToMaterialized(sink, Keep.Both).Run(materializer);

    public Flow<TIn, TOut, TMat2> MapMaterializedValue<TMat2>(Func<TMat, TMat2> mapFunc) =>
        new(new TransformModule<TMat, TMat2>(Module, mapFunc));

    public Flow<TIn, TOut, TMat> WithAttributes(Attributes attributes) => new(Module.WithAttributes(attributes));

    public Flow<TIn, TOut, TMat> AddAttributes(Attributes attributes) => WithAttributes(Module.Attributes.And(attributes));

    public Flow<TIn, TOut, TMat> Named(string name) => AddAttributes(Attributes.CreateName(name));

    public Flow<TIn, TOut, TMat> Async() => AddAttributes(new Attributes(Attributes.AsyncBoundary.Instance));

    public override string ToString() => $"Flow({Shape}, {Module})";

    IFlow<T, TMat> IFlow<TOut, TMat>.Via<T, TMat2>(IGraph<FlowShape<TOut, T>, TMat2> flow) => Via(flow);

    IFlow<T2, TMat3> IFlow<TOut, TMat>.ViaMaterialized<T2, TMat2, TMat3>(
        IGraph<FlowShape<TOut, T2>, TMat2> flow, Func<TMat, TMat2, TMat3> combine) => ViaMaterialized(flow, combine);

    IFlow<TOut, TMat2> IFlow<TOut, TMat>.MapMaterializedValue<TMat2>(Func<TMat, TMat2> mapFunc) => MapMaterializedValue(mapFunc);

    IGraph<FlowShape<TIn, TOut>, TMat> IGraph<FlowShape<TIn, TOut>, TMat>.WithAttributes(Attributes attributes) => WithAttributes(attributes);

    IGraph<FlowShape<TIn, TOut>, TMat> IGraph<FlowShape<TIn, TOut>, TMat>.AddAttributes(Attributes attributes) => AddAttributes(attributes);

    IGraph<FlowShape<TIn, TOut>, TMat> IGraph<FlowShape<TIn, TOut>, TMat>.Named(string name) => Named(name);

    IGraph<FlowShape<TIn, TOut>, TMat> IGraph<FlowShape<TIn, TOut>, TMat>.Async() => Async();
}
