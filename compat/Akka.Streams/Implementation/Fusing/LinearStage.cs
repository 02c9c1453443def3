using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>The base of operators with one input and one output: names the ports and the attributes after the operator.</summary>
internal abstract class LinearStage<TIn, TOut> : GraphStage<FlowShape<TIn, TOut>>
{
    public readonly Inlet<TIn> In;
    public readonly Outlet<TOut> Out;
    private readonly string _name;

    protected LinearStage(string name)
    {
        _name = name;
        In = new Inlet<TIn>(name + ".in");
        Out = new Outlet<TOut>(name + ".out");
        Shape = new FlowShape<TIn, TOut>(In, Out);
    }

    public override FlowShape<TIn, TOut> Shape { get; }

    protected override Attributes InitialAttributes => Attributes.CreateName(_name);

    public override string ToString() => char.ToUpperInvariant(_name[0]) + _name[1..];

    /// <summary>The base of their logics: pulls when pulled.</summary>
    protected abstract class LinearLogic : InAndOutGraphStageLogic
    {
        protected readonly Inlet<TIn> In;
        protected readonly Outlet<TOut> Out;

        protected LinearLogic(LinearStage<TIn, TOut> stage)
            : base(stage.Shape)
        {
            In = stage.In;
            Out = stage.Out;
            SetHandlers(In, Out, this);
        }

        public override void OnPull() => Pull(In);
    }
}
