using Akka.Event;
using Akka.Pattern;
using Akka.Streams.Implementation.Fusing;

namespace Akka.Streams.Stage;

/// <summary>
/// The running part of a stage: its state, and the handlers of its ports. All of its methods are called by one interpreter, one at a time;
/// only async callbacks and the stage actor's reference may be used from elsewhere. The constructor may set handlers and nothing else;
/// <see cref="PreStart"/> runs before any event and <see cref="PostStop"/> after the last one, each exactly once, however the stage ends.
/// </summary>
public abstract partial class GraphStageLogic : IStageLogging
{
    public static readonly InHandler EagerTerminateInput = Stage.EagerTerminateInput.Instance;
    public static readonly InHandler IgnoreTerminateInput = Stage.IgnoreTerminateInput.Instance;
    public static readonly InHandler TotallyIgnorantInput = Stage.TotallyIgnorantInput.Instance;
    public static readonly OutHandler EagerTerminateOutput = Stage.EagerTerminateOutput.Instance;
    public static readonly OutHandler IgnoreTerminateOutput = Stage.IgnoreTerminateOutput.Instance;
    public static Action DoNothing = static () => { };

    public readonly int InCount;
    public readonly int OutCount;

    /// <summary>Inputs first, then outputs; null until the materializer has wired the stage.</summary>
    internal Connection[] Connections;

    /// <summary>The stage that made this logic, for log lines.</summary>
    internal IGraph<Shape> Blueprint;

    /// <summary>How many ports are open, and above that the flag of SetKeepGoing; a stage at zero is over.</summary>
    internal int OpenPorts;

    private GraphInterpreter _interpreter;
    private object[] _initialHandlers;
    private ILoggingAdapter _log;

    protected GraphStageLogic(int inCount, int outCount)
    {
        InCount = inCount;
        OutCount = outCount;
        OpenPorts = inCount + outCount;
        _initialHandlers = new object[inCount + outCount];
    }

    protected GraphStageLogic(Shape shape)
        : this(shape.InletCount, shape.OutletCount)
    {
    }

    public ILoggingAdapter Log => _log ??= Interpreter.Materializer.MakeLogger(LogSource);

    internal GraphInterpreter Interpreter
    {
        get => _interpreter ?? ThrowNotInitialized();
        set => _interpreter = value;
    }

    protected IMaterializer Materializer => Interpreter.Materializer;

    protected virtual object LogSource => Blueprint.Shape;

    public static InHandler ConditionalTerminateInput(Func<bool> predicate) => new ConditionalTerminateInput(predicate);

    public static OutHandler ConditionalTerminateOutput(Func<bool> predicate) => new ConditionalTerminateOutput(predicate);

    public virtual void PreStart()
    {
    }

    public virtual void PostStop()
    {
    }

    protected internal virtual void BeforePreStart()
    {
    }

    protected internal virtual void AfterPostStop()
    {
        if (_stageActor is not null)
        {
            _stageActor.Stop();
            _stageActor = null;
        }
    }

    protected internal void SetHandler<T>(Inlet<T> inlet, IInHandler handler) => SetInHandler(inlet.Id, handler);

    protected internal void SetHandler<T>(
        Inlet<T> inlet, Action onPush, Action onUpstreamFinish = null, Action<Exception> onUpstreamFailure = null) =>
        SetInHandler(inlet.Id, new LambdaInHandler(onPush, onUpstreamFinish, onUpstreamFailure));

    protected internal void SetHandler<T>(Outlet<T> outlet, IOutHandler handler) => SetOutHandler(outlet.Id, handler);

    protected internal void SetHandler<T>(Outlet<T> outlet, Action onPull, Action<Exception> onDownstreamFinish = null) =>
        SetOutHandler(outlet.Id, new LambdaOutHandler(onPull, onDownstreamFinish));

    [Obsolete("Use method `SetHandlers` instead. Will be removed in v1.5")]
    protected internal void SetHandler<TIn, TOut>(Inlet<TIn> inlet, Outlet<TOut> outlet, InAndOutGraphStageLogic handler) =>
        SetHandlers(inlet, outlet, handler);

    protected internal void SetHandlers<TIn, TOut>(Inlet<TIn> inlet, Outlet<TOut> outlet, InAndOutGraphStageLogic handler)
    {
        SetInHandler(inlet.Id, handler);
        SetOutHandler(outlet.Id, handler);
    }

    protected IInHandler GetHandler<T>(Inlet<T> inlet) => GetInHandler(inlet.Id);

    protected IOutHandler GetHandler<T>(Outlet<T> outlet) => GetOutHandler(outlet.Id);

    internal void SetInHandler(int id, IInHandler handler)
    {
        if (Connections is not null)
            Connections[id].InHandler = handler;
        else
            _initialHandlers[id] = handler;
    }

    internal void SetOutHandler(int id, IOutHandler handler)
    {
        if (Connections is not null)
            Connections[InCount + id].OutHandler = handler;
        else
            _initialHandlers[InCount + id] = handler;
    }

    /// <summary>Called when the stage is wired, once per port.</summary>
    internal void AttachIn(int id, Connection connection)
    {
        connection.InOwner = this;
        connection.InHandler = (IInHandler)Attach(id, connection);
    }

    /// <inheritdoc cref="AttachIn"/>
    internal void AttachOut(int id, Connection connection)
    {
        connection.OutOwner = this;
        connection.OutHandler = (IOutHandler)Attach(InCount + id, connection);
    }

    /// <summary>Called when all ports are wired: from here on the handlers live in the connections alone.</summary>
    internal void Wired() => _initialHandlers = null;

    private object Attach(int port, Connection connection)
    {
        (Connections ??= new Connection[InCount + OutCount])[port] = connection;
        return _initialHandlers[port] ?? throw new IllegalStateException($"No handler defined in stage {this} for port {PortName(port)}");
    }

    private object PortName(int port) =>
        port < InCount ? Blueprint.Shape.InletAt(port) : Blueprint.Shape.OutletAt(port - InCount);

    private static GraphInterpreter ThrowNotInitialized() => throw new IllegalStateException(
        "Not yet initialized: only SetHandler is allowed in GraphStageLogic constructor. " +
        "To access materializer use Source/Flow/Sink.Setup factory");
}
