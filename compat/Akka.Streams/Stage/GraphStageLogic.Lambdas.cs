namespace Akka.Streams.Stage;

/// <summary>The handlers that are made of functions.</summary>
public abstract partial class GraphStageLogic
{
    protected sealed class LambdaInHandler : InHandler
    {
        private readonly Action _onPush;
        private readonly Action _onUpstreamFinish;
        private readonly Action<Exception> _onUpstreamFailure;

        public LambdaInHandler(Action onPush, Action onUpstreamFinish = null, Action<Exception> onUpstreamFailure = null)
        {
            _onPush = onPush ?? throw new ArgumentNullException(nameof(onPush), "GraphStageLogic onPush handler must be provided");
            _onUpstreamFinish = onUpstreamFinish;
            _onUpstreamFailure = onUpstreamFailure;
        }

        public override void OnPush() => _onPush();

        public override void OnUpstreamFinish()
        {
            if (_onUpstreamFinish is not null)
                _onUpstreamFinish();
            else
                base.OnUpstreamFinish();
        }

        public override void OnUpstreamFailure(Exception e)
        {
            if (_onUpstreamFailure is not null)
                _onUpstreamFailure(e);
            else
                base.OnUpstreamFailure(e);
        }
    }

    protected sealed class LambdaOutHandler : OutHandler
    {
        private readonly Action _onPull;
        private readonly Action<Exception> _onDownstreamFinish;

        public LambdaOutHandler(Action onPull, Action<Exception> onDownstreamFinish = null)
        {
            _onPull = onPull ?? throw new ArgumentNullException(nameof(onPull), "GraphStageLogic onPull handler must be provided");
            _onDownstreamFinish = onDownstreamFinish;
        }

        public override void OnPull() => _onPull();

        public override void OnDownstreamFinish(Exception cause)
        {
            if (_onDownstreamFinish is not null)
                _onDownstreamFinish(cause);
            else
                base.OnDownstreamFinish(cause);
        }
    }
}
