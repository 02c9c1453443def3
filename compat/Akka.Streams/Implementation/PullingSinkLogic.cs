using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>The base of sinks that yield a task: asks for the first element at the start and tells the task how the stream ended.</summary>
internal abstract class PullingSinkLogic<TIn, TResult> : InGraphStageLogic
{
    protected readonly Inlet<TIn> In;
    protected readonly TaskCompletionSource<TResult> Promise = new();

    protected PullingSinkLogic(SinkShape<TIn> shape)
        : base(shape)
    {
        In = shape.Inlet;
        SetHandler(In, this);
    }

    public Task<TResult> Result => Promise.Task;

    public override void PreStart() => Pull(In);

    public override void OnUpstreamFailure(Exception e)
    {
        Promise.TrySetException(e);
        FailStage(e);
    }
}
