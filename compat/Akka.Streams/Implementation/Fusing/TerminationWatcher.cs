using Akka.Streams.Stage;

namespace Akka.Streams.Implementation.Fusing;

/// <summary>Hands elements on; its task completes when the stream ends at this place, in either direction.</summary>
internal sealed class TerminationWatcher<T> : GraphStageWithMaterializedValue<FlowShape<T, T>, Task<Done>>
{
    public static readonly TerminationWatcher<T> Instance = new();

    private readonly Inlet<T> _in = new("TerminationWatcher.in");
    private readonly Outlet<T> _out = new("TerminationWatcher.out");

    private TerminationWatcher() => Shape = new FlowShape<T, T>(_in, _out);

    public override FlowShape<T, T> Shape { get; }

    protected override Attributes InitialAttributes => Attributes.CreateName("terminationWatcher");

    public override ILogicAndMaterializedValue<Task<Done>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this);
        return new LogicAndMaterializedValue<Task<Done>>(logic, logic.Ended.Task);
    }

    public override string ToString() => "TerminationWatcher";

    private sealed class Logic : InAndOutGraphStageLogic
    {
        public readonly TaskCompletionSource<Done> Ended = new();
        private readonly TerminationWatcher<T> _stage;

        public Logic(TerminationWatcher<T> stage)
            : base(stage.Shape)
        {
            _stage = stage;
            SetHandlers(stage._in, stage._out, this);
        }

        public override void OnPush() => Push(_stage._out, Grab(_stage._in));

        public override void OnPull() => Pull(_stage._in);

        public override void OnUpstreamFinish()
        {
            Ended.TrySetResult(Done.Instance);
            CompleteStage();
        }

        public override void OnUpstreamFailure(Exception e)
        {
            Ended.TrySetException(e);
            FailStage(e);
        }

        public override void OnDownstreamFinish(Exception cause)
        {
            if (cause is SubscriptionWithCancelException.NonFailureCancellation)
                Ended.TrySetResult(Done.Instance);
            else
                Ended.TrySetException(cause);
            CancelStage(cause);
        }

        public override void PostStop()
        {
            if (!Ended.Task.IsCompleted)
                Ended.TrySetException(new AbruptStageTerminationException(this));
        }
    }
}
