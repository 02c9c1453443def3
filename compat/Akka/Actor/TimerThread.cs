namespace Akka.Actor;

/// <summary>
/// A heap of due times and one thread that sleeps until the first of them. Nothing ticks: with no timer due the thread does not
/// run at all, and it is started by the first timer. Adding and removing cost the logarithm of the number of timers.
/// </summary>
internal sealed class TimerThread : IDisposable
{
    private readonly Action<Exception> _onFault;
    private readonly string _name;
    private TimerEntry[] _heap = new TimerEntry[16];
    private int _count;
    private Thread _thread;
    private bool _disposed;

    public TimerThread(string name, Action<Exception> onFault)
    {
        _name = name;
        _onFault = onFault;
    }

    public void Add(TimerEntry entry)
    {
        lock (this)
        {
            if (_disposed) throw new SchedulerException("cannot enqueue after timer shutdown");
            if (_thread is null)
            {
                _thread = new Thread(Loop) { IsBackground = true, Name = _name };
                _thread.Start();
            }

            Push(entry);
            if (entry.Index == 0) Monitor.Pulse(this);
        }

        entry.Bind();
    }

    public void Remove(TimerEntry entry)
    {
        lock (this)
        {
            if (entry.Index >= 0) RemoveAt(entry.Index);
        }
    }

    public void Dispose()
    {
        lock (this)
        {
            _disposed = true;
            _heap = [];
            _count = 0;
            Monitor.Pulse(this);
        }
    }

    private void Loop()
    {
        while (Next() is { } entry)
        {
            try
            {
                entry.Run();
            }
            catch (Exception e)
            {
                // What has thrown once is not repeated.
                Remove(entry);
                _onFault(e);
            }
        }
    }

    /// <summary>Waits for the next due entry; null when disposed. A repeating entry goes back into the heap before it runs.</summary>
    private TimerEntry Next()
    {
        lock (this)
        {
            while (true)
            {
                if (_disposed) return null;
                if (_count == 0)
                {
                    Monitor.Wait(this);
                    continue;
                }

                var first = _heap[0];
                var now = Environment.TickCount64;
                if (first.Due > now)
                {
                    Monitor.Wait(this, (int)Math.Min(first.Due - now, int.MaxValue));
                    continue;
                }

                RemoveAt(0);
                if (first.IsCancelled) continue;
                if (first.Period > 0)
                {
                    // As in the runtime, repetitions that were missed come one behind the other until they have caught up.
                    first.Due += first.Period;
                    Push(first);
                }

                return first;
            }
        }
    }

    private void Push(TimerEntry entry)
    {
        if (_count == _heap.Length) Array.Resize(ref _heap, _count * 2);
        SiftUp(_count++, entry);
    }

    private void RemoveAt(int index)
    {
        _heap[index].Index = -1;
        var last = _heap[--_count];
        _heap[_count] = null;
        if (index == _count) return;
        if (index > 0 && last.Due < _heap[(index - 1) >> 1].Due)
            SiftUp(index, last);
        else
            SiftDown(index, last);
    }

    private void SiftUp(int index, TimerEntry entry)
    {
        while (index > 0)
        {
            var parent = (index - 1) >> 1;
            if (_heap[parent].Due <= entry.Due) break;
            Place(index, _heap[parent]);
            index = parent;
        }

        Place(index, entry);
    }

    private void SiftDown(int index, TimerEntry entry)
    {
        while (true)
        {
            var child = (index << 1) + 1;
            if (child >= _count) break;
            if (child + 1 < _count && _heap[child + 1].Due < _heap[child].Due) child++;
            if (entry.Due <= _heap[child].Due) break;
            Place(index, _heap[child]);
            index = child;
        }

        Place(index, entry);
    }

    private void Place(int index, TimerEntry entry)
    {
        _heap[index] = entry;
        entry.Index = index;
    }
}
