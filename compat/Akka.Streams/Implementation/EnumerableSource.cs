using Akka.Streams.Stage;

namespace Akka.Streams.Implementation;

/// <summary>
/// Emits what an enumerator yields. It looks one element ahead, so that the stream completes with the last element; what the enumerator
/// throws meanwhile fails the stream, in an <see cref="AggregateException"/>, when the next element is asked for.
/// </summary>
internal sealed class EnumerableSource<T> : GraphStage<SourceShape<T>>
{
    private readonly Func<IEnumerator<T>> _factory;
    private readonly Outlet<T> _out = new("EnumerableSource.out");

    public EnumerableSource(Func<IEnumerator<T>> factory)
    {
        _factory = factory;
        Shape = new SourceShape<T>(_out);
    }

    public override SourceShape<T> Shape { get; }

    protected override Attributes InitialAttributes => Attributes.CreateName("enumerableSource");

    public override string ToString() => "EnumerableSource";

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly EnumerableSource<T> _stage;
        private IEnumerator<T> _elements;
        private bool _hasNext;
        private Exception _failure;

        public Logic(EnumerableSource<T> stage)
            : base(stage.Shape)
        {
            _stage = stage;
            SetHandler(stage._out, this);
        }

        public override void OnPull()
        {
            if (_elements is null)
            {
                _elements = _stage._factory();
                LookAhead();
            }

            if (_failure is not null)
                throw new AggregateException(_failure);
            if (_hasNext)
            {
                Push(_stage._out, _elements.Current);
                LookAhead();
            }

            if (!_hasNext)
                CompleteStage();
        }

        public override void PostStop() => _elements?.Dispose();

        private void LookAhead()
        {
            try
            {
                _hasNext = _elements.MoveNext();
            }
            catch (Exception e)
            {
                _hasNext = true;
                _failure = e;
            }
        }
    }
}
